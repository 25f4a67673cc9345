"""What an operator sets by the environment, and how commands find their servers."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError
from temporalio.envconfig import ClientConfig

from runtime.addresses import EmbeddedPair, find_postgres, find_temporal
from runtime.settings import Settings
from schemas.errors import InvalidInput, Unreachable


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("HUNDRED_DAYS_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "no-such-file.toml"))
    monkeypatch.chdir(tmp_path)


def publish(data_dir: Path, owner_pid: int) -> EmbeddedPair:
    data_dir.mkdir(parents=True, exist_ok=True)
    pair = EmbeddedPair(
        temporal_address="127.0.0.1:41234",
        postgres_url="postgresql://postgres@/postgres?host=%2Fdata",
        owner_pid=owner_pid,
    )
    (data_dir / "servers.json").write_text(pair.model_dump_json())
    return pair


def test_an_empty_environment_gives_the_embedded_defaults() -> None:
    settings = Settings.from_environment()
    assert settings.postgres_url is None
    assert settings.outbox_dir == Path("var/outbox")
    assert (settings.task_queue, settings.delivery_queue) == ("hundred-days", "hundred-days-delivery")
    assert settings.log_level == "WARNING"


def test_the_outbox_follows_the_data_folder_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNDRED_DAYS_DATA_DIR", "elsewhere")
    assert Settings.from_environment().outbox_dir == Path("elsewhere/outbox")
    monkeypatch.setenv("HUNDRED_DAYS_OUTBOX_DIR", "letters")
    assert Settings.from_environment().outbox_dir == Path("letters")


def test_settings_do_not_change_after_they_are_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().actor = "someone else"  # type: ignore[misc]


def test_misspelt_variable_refused_with_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNDRED_DAYS_POSTGRESS_URL", "postgresql://somewhere/db")
    with pytest.raises(InvalidInput, match=r"HUNDRED_DAYS_POSTGRESS_URL: .* did you mean HUNDRED_DAYS_POSTGRES_URL\?"):
        Settings.from_environment()


def test_every_fault_of_the_environment_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNDRED_DAYS_CACHE_SIZE", "many")
    monkeypatch.setenv("HUNDRED_DAYS_LOG_LEVEL", "LOUD")
    monkeypatch.setenv("HUNDRED_DAYS_POSTGRES_URL", "mysql://somewhere")
    with pytest.raises(InvalidInput) as refusal:
        Settings.from_environment()
    for name in ("CACHE_SIZE", "LOG_LEVEL", "POSTGRES_URL"):
        assert f"HUNDRED_DAYS_{name}: " in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "port", "implicit", "start"),
    [
        ("smtp://mail.example", 25, False, None),
        ("smtp://mail.example?starttls", 587, False, True),
        ("smtp://mail.example?starttls=never", 25, False, False),
        ("smtp://mail.example?starttls=auto", 25, False, None),
        ("smtps://mail.example", 465, True, False),
        ("smtp://mail.example:2525", 2525, False, None),
    ],
)
def test_an_smtp_url_says_port_and_encryption(url: str, port: int, implicit: bool, start: bool) -> None:
    server = Settings(smtp_url=url).smtp
    assert server is not None
    assert (server.host, server.port, server.implicit_tls, server.start_tls) == ("mail.example", port, implicit, start)


def test_smtp_password_accepts_any_character_and_is_hidden() -> None:
    settings = Settings(smtp_url="smtp://office:s%40cret%2F@mail.example:587")
    assert settings.smtp is not None
    assert (settings.smtp.username, settings.smtp.password) == ("office", "s@cret/")
    assert "cret" not in repr(settings) + repr(settings.smtp)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://x",
        "smtp://",
        "smtp://x?tls",
        "smtps://x?starttls",
        "smtp://x?starttls=maybe",
        "smtp://x:port",
        "smtp://x/in",
    ],
)
def test_what_is_no_smtp_url_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNDRED_DAYS_SMTP_URL", url)
    with pytest.raises(InvalidInput, match="HUNDRED_DAYS_SMTP_URL: smtp_url"):
        Settings.from_environment()


@pytest.mark.parametrize(
    "sender", ["office", "@example.org", "office@", "a@b.example, c@d.example", "a b@c.example", "a@b\nBcc: c@d", ""]
)
def test_a_sender_that_no_letter_could_bear_is_refused(sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNDRED_DAYS_MAIL_FROM", sender)
    with pytest.raises(InvalidInput, match=r"HUNDRED_DAYS_MAIL_FROM: expected an address such as office@example\.org"):
        Settings.from_environment()


@pytest.mark.parametrize(
    "sender",
    ["office@localhost", "专班 <office@example.org>", "St. Office <office@example.org>", '"A, B" <office@例.中国>'],
)
def test_a_sender_may_have_a_name(sender: str) -> None:
    assert Settings(mail_from=sender).mail_from == sender


def test_the_temporal_variables_win_over_a_running_pair(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    publish(tmp_path / "var", os.getpid())
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "province")
    found = find_temporal(Settings())
    assert (found.host, found.source) == ("temporal.example:7233", "TEMPORAL_ADDRESS")
    assert found.connect["namespace"] == "province"


def test_a_running_pair_is_found_by_its_file(tmp_path: Path) -> None:
    pair = publish(tmp_path / "var", os.getpid())
    assert find_temporal(Settings()).host == pair.temporal_address
    assert find_postgres(Settings()) == pair.postgres_url


def test_the_file_of_a_dead_pair_is_ignored(tmp_path: Path) -> None:
    publish(tmp_path / "var", owner_pid=2**22 + 1)  # above the largest process number of Linux
    assert find_temporal(Settings()).host == "127.0.0.1:7233"
    with pytest.raises(Unreachable, match="make up"):
        find_postgres(Settings())


def test_a_half_written_file_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "servers.json").write_text('{"temporal_address": ')
    assert find_temporal(Settings()).source == "the default"


def test_external_temporal_requires_explicit_postgres_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    publish(tmp_path / "var", os.getpid())
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    with pytest.raises(Unreachable, match=r"temporal\.example:7233.*HUNDRED_DAYS_POSTGRES_URL"):
        find_postgres(Settings())
    monkeypatch.setenv("HUNDRED_DAYS_POSTGRES_URL", "postgresql://db.example/ledger")
    assert find_postgres(Settings.from_environment()) == "postgresql://db.example/ledger"


def test_a_misspelt_key_in_the_temporal_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.default]\nadress = "temporal.example:7233"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    with pytest.raises(InvalidInput, match="adress"):
        find_temporal(Settings())


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user whom no variable tells anything of Temporal."""
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")] + ["XDG_CONFIG_HOME"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_where_nothing_is_configured_the_sdk_would_say_nothing(home: Path) -> None:
    assert ClientConfig.load_client_connect_config(config_file_strict=True) == {}
    found = find_temporal(Settings(data_dir=home))
    assert (found.connect, found.source) == ({"target_host": "127.0.0.1:7233"}, "the default")


@pytest.mark.parametrize("named", [False, True])
def test_the_configuration_file_of_the_user_is_read(home: Path, named: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    configured = home / ("elsewhere" if named else ".config")
    if named:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(configured))
    for folder in (configured, home / "Library" / "Application Support"):  # the SDK reads one, by the system
        (folder / "temporalio").mkdir(parents=True)
        (folder / "temporalio" / "temporal.toml").write_text('[profile.default]\naddress = "office:7233"\n')
    assert find_temporal(Settings(data_dir=home)).host == "office:7233"


def test_a_faulty_setting_is_the_only_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNDRED_DAYS_POSTGRES_URL", "db.example")
    with pytest.raises(InvalidInput) as raised:
        Settings.from_environment()
    assert str(raised.value).splitlines()[1:] == [
        "  HUNDRED_DAYS_POSTGRES_URL: expected postgresql://user:password@host:port/database"
    ]
