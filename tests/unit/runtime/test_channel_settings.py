"""The channel file: what it may say, and how its faults are told without telling a secret."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.channels.outbox import OutboxChannel
from activities.channels.protocol import ChannelType
from activities.channels.registry import CHANNEL_TYPES, channel_routes
from runtime.channel_settings import parse_rate, read_channels
from runtime.settings import Settings
from schemas.errors import InvalidInput

TOKEN = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
ROBOT = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}"


def write(folder: Path, text: str) -> Path:
    path = folder / "channels.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_channels(write(folder, text), CHANNEL_TYPES, environment or {})
    return str(refused.value)


def test_channel_file_read_with_secrets_from_their_sources(tmp_path: Path) -> None:
    (tmp_path / "office.secret").write_text("whsec_c2VjcmV0LXNlY3JldA==\n")
    path = write(
        tmp_path,
        """
        [channels.duty]
        type = "wecom"
        url_env = "DUTY_ROBOT"
        rate = "10/minute"
        [channels.land-office]
        type = "webhook"
        url = "http://office.internal/documents"
        secret_file = "office.secret"
        [channels.ding]
        type = "dingtalk"
        url = "https://oapi.dingtalk.com/robot/send?access_token=x"
        secret_env = "DING"
        [channels.e-mail]
        rate = "2/second"
        """,
    )

    read = read_channels(path, CHANNEL_TYPES, {"DUTY_ROBOT": ROBOT, "DING": "SEC1"})

    assert read["duty"].url == ROBOT and read["duty"].interval == timedelta(seconds=6)
    assert read["land-office"].secret == "whsec_c2VjcmV0LXNlY3JldA==" and read["land-office"].interval is None
    assert read["ding"].secret == "SEC1" and read["ding"].interval == timedelta(seconds=3)
    assert read["e-mail"].interval == timedelta(seconds=0.5)
    assert TOKEN not in repr(read) and "SEC1" not in repr(read) and "whsec" not in repr(read)


def test_channel_faults_all_listed_with_key_and_expectation(tmp_path: Path) -> None:
    said = faults(
        tmp_path,
        f"""
        colour = "red"
        [channels.a]
        type = "telex"
        url = "ftp://somewhere"
        rate = "often"
        [channels.b]
        type = "webhook"
        url = "{ROBOT}"
        url_env = "ROBOT"
        [channels.c]
        type = "wecom"
        url = "http://robots.example/send?key={TOKEN}"
        secret = "s3cret"
        color = "blue"
        [channels.d]
        type = "dingtalk"
        url_env = "NOWHERE"
        secret_file = "missing.secret"
        [channels.e-mail]
        url = "smtp://x"
        [channels."two words"]
        type = "feishu"
        url = "https://open.feishu.cn/hook"
        """,
    )

    for fault in (
        "channels.toml does not hold:",
        "colour: there is only the table [channels.NAME]",
        "channels.a.type: expected one of wecom, dingtalk, feishu, webhook",
        "channels.a.url: expected https://host/...",
        "channels.a.rate = 'often': expected a rate like 20/minute",
        "channels.b.url: expected one of url, url_file and url_env, and found url and url_env",
        "channels.b.secret: expected one of secret, secret_file and secret_env, and found none of them",
        "channels.c.color: there is no such key here; known are type, url,",
        "channels.c.url: expected https: the token in a robot's address must not travel in the clear",
        "channels.c.secret: a WeCom robot has no secret",
        "channels.d.url_env: there is no variable of this name in the environment",
        "channels.d.secret_file: the file cannot be read (No such file",
        "channels.e-mail.url: there is no such key here; known are rate",
        "channels.two words: expected a name of letters, digits",
    ):
        assert fault in said, fault
    assert TOKEN not in said and "s3cret" not in said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[channels.x]\ntype = "webhook"\nurl = "https://x.example"\nsecret = "whsec_%"', "base64 after whsec_"),
        ("[channels", "is no TOML"),
        ("channels = 3", "channels: expected tables"),
        ("[channels]\nx = 3", "channels.x: expected a table"),
        ("[channel.x]\ntype = 'wecom'", "channel: there is only the table [channels.NAME]; perhaps channels"),
        ("[channels.x]\ntype = 'fieshu'", "expected one of wecom, dingtalk, feishu, webhook; perhaps feishu"),
        ('[channels.x]\ntype = "feishu"\nurl = ""', "channels.x.url: expected a text that is not empty"),
    ],
)  # fmt: skip
def test_what_is_no_channel_file_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    assert fault in faults(tmp_path, text)


SECRETS = (ROBOT, f"SEC+{TOKEN}/=", "SEC" + "0a9f" * 16)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[channel.x]\ntype = "wecom"\nurl = "{secret}"', "channel: there is only the table"),
        ('[channels]\nx = "{secret}"', "channels.x: expected a table"),
        ('[channels.x]\ntype = "{secret}"\nurl_env = "ROBOT"', "channels.x.type: expected one of"),
        ('[channels.x]\ntype = "wecom"\nurl_env = "{secret}"', "channels.x.url_env: there is no variable"),
        ('[channels.x]\ntype = "wecom"\nurl_file = "{secret}"', "channels.x.url_file: the file cannot be read"),
        ('[channels.x]\ntype = "wecom"\nurl_file = "{secret}\\u0000"', "channels.x.url_file: the file cannot be read"),
        ('[channels.x]\ntype = "wecom"\nurl = ["{secret}"]', "channels.x.url: expected a text"),
        ('[channels.x]\ntype = "dingtalk"\nurl_env = "ROBOT"\nsecret_env = "{secret}"', "channels.x.secret_env: there"),
        ('[channels.x]\ntype = "dingtalk"\nurl_env = "ROBOT"\nsecret_file = "{secret}"', "channels.x.secret_file: the"),
        ('[channels.x]\ntype = "webhook"\nurl_env = "ROBOT"\nsecret = "whsec_%{secret}"', "expected base64 after"),
        ('[channels.x]\ntype = "wecom"\nurl_env = "ROBOT"\nrate = "{secret}"', "channels.x.rate: expected a rate"),
        ('[channels.x]\nurl = {secret}', "is no TOML"),
        ('channels = "{secret}"', "channels: expected tables"),
        ('duty = "{secret}"', "duty: there is only the table"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("secret", SECRETS, ids=["address", "base64", "letters"])
def test_misplaced_address_or_secret_reported_not_repeated(tmp_path: Path, text: str, fault: str, secret: str) -> None:
    said = faults(tmp_path, text.replace("{secret}", secret), {"ROBOT": ROBOT})

    assert fault in said
    assert secret not in said and TOKEN not in said


@pytest.mark.parametrize(
    "text",
    ['"{secret}" = 1', '[channels."{secret}"]\ntype = "wecom"', '[channels.x]\ntype = "wecom"\n"{secret}" = 1'],
)
def test_not_even_a_name_is_repeated_that_looks_like_an_address(tmp_path: Path, text: str) -> None:
    said = faults(tmp_path, text.replace("{secret}", ROBOT))

    assert f"(a name of {len(ROBOT)} characters that looks like an address)" in said
    assert TOKEN not in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"absent\.toml: cannot be read"):
        read_channels(tmp_path / "absent.toml", CHANNEL_TYPES)


@given(times=st.integers(1, 100_000), unit=st.sampled_from(["second", "minute", "hour", "day"]))
def test_a_rate_never_lets_more_through_than_it_says(times: int, unit: str) -> None:
    period = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}[unit]
    assert parse_rate(f"{times}/{unit}") * times >= timedelta(seconds=period)


@pytest.mark.parametrize("text", ["20", "0/minute", "-1/minute", "20/week", "1.5/minute", "/minute", "20/minute/day"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a rate like 20/minute"):
        parse_rate(text)


def test_worker_channels_are_outbox_configured_mail_and_file(tmp_path: Path) -> None:
    secrets = {"wecom": "", "dingtalk": 'secret = "s"', "feishu": "", "webhook": 'secret = "s"'}
    text = "".join(
        f'[channels.{type_}-1]\ntype = "{type_}"\nurl = "https://x.example/1"\n{secret}\n'
        for type_, secret in secrets.items()
    )
    path = write(tmp_path, text + '[channels.outbox]\nrate = "1/second"\n[channels.e-mail]\nrate = "1/second"\n')

    ways = channel_routes(Settings(data_dir=tmp_path, channels_file=path))

    assert list(ways) == ["outbox", "wecom-1", "dingtalk-1", "feishu-1", "webhook-1"]
    assert ways["outbox"].interval == timedelta(seconds=1)
    assert ways["feishu-1"].interval == timedelta(seconds=0.6) and ways["webhook-1"].interval is None
    with_mail = channel_routes(Settings(data_dir=tmp_path, channels_file=path, smtp_url="smtp://mail.example"))
    assert with_mail["e-mail"].interval == timedelta(seconds=1)


def test_channel_file_with_an_added_type_is_read(tmp_path: Path) -> None:
    types = {
        **CHANNEL_TYPES,
        "sms": ChannelType(build=lambda _: OutboxChannel(tmp_path), rate=(5, 1), needs_secret=True),
    }
    path = write(tmp_path, '[channels.sms-1]\ntype = "sms"\nurl = "https://x.example"\nsecret = "s"\n')
    assert read_channels(path, types)["sms-1"].interval == timedelta(seconds=0.2)
    path.write_text('[channels.sms-1]\ntype = "sma"\nurl = "https://x.example"\n', encoding="utf-8")
    with pytest.raises(InvalidInput, match="expected one of wecom, dingtalk, feishu, webhook, sms; perhaps sms"):
        read_channels(path, types)
