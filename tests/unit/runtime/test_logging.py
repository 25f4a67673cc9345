"""What reaches the log: quiet by default, JSON for programs, temporalio's context as fields."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pytest_httpserver import HTTPServer

from activities.channels.posting import Address
from runtime.logging import configure_logging
from runtime.settings import Settings


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_only_warnings_are_heard_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json"))
    structlog.get_logger("ours").info("a page of sites opened")
    logging.getLogger("theirs").info("connected")
    structlog.get_logger("ours").warning("a site was found without its workflow", site="矿-12")
    [line] = lines(capsys)
    assert (line["event"], line["site"], line["level"], line["logger"]) == (
        "a site was found without its workflow",
        "矿-12",
        "warning",
        "ours",
    )
    assert str(line["timestamp"]).endswith("Z")


def test_workflow_context_logged_as_fields_not_in_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json"))
    details = {"workflow_id": "site/hn-2021/S-1", "run_id": "r1", "workflow_type": "SiteWorkflow", "namespace": "x"}
    logging.getLogger("temporalio.workflow").warning(
        f"a signal did not parse ({details})", extra={"temporal_workflow": details}
    )
    [line] = lines(capsys)
    assert (line["event"], line["workflow_id"], line["run_id"]) == ("a signal did not parse", "site/hn-2021/S-1", "r1")


def test_an_activity_names_itself_and_its_exception_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json"))
    details = {"activity_type": "record", "attempt": 3, "workflow_id": "site/hn-2021/S-1"}
    try:
        raise ConnectionError("Postgres is away")
    except ConnectionError:
        logging.getLogger("temporalio.activity").warning(
            "%s failed", "record", exc_info=True, extra={"temporal_activity": details}
        )
    [line] = lines(capsys)
    assert (line["event"], line["activity_type"], line["attempt"]) == ("record failed", "record", 3)
    assert "ConnectionError: Postgres is away" in str(line["exception"])


async def test_no_level_lets_the_address_of_a_channel_into_the_log(
    httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(Settings(log_format="json", log_level="DEBUG"))
    httpserver.expect_request("/hook/the-token-of-a-robot").respond_with_data("{}")

    await Address("group", httpserver.url_for("/hook/the-token-of-a-robot")).post(b"{}")
    structlog.get_logger("ours").debug("posted")

    ours = [line for line in lines(capsys) if line["logger"] != "werkzeug"]  # the server's own
    assert "posted" in [line["event"] for line in ours]
    assert "the-token-of-a-robot" not in json.dumps(ours)


def test_log_level_above_warning_applies_to_http_library(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json", log_level="ERROR"))
    logging.getLogger("httpx2").warning("an odd address")
    assert lines(capsys) == []


def test_people_get_lines_and_not_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="console", log_level="INFO"))
    structlog.get_logger("ours").info("ready", queue="hundred-days")
    text = capsys.readouterr().err
    assert "ready" in text and "queue=hundred-days" in text and not text.startswith("{")
