"""What every channel promises. A new one is a line in `notify/channels`, and its settings in `testkit/channels.py`."""

import pytest
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.channels import ALL, CHANNELS
from natvakt_server.notify.port import Answer, HttpCall, Mail, Refused, SettingsRefused, SyslogLine, Target, Unavailable
from testkit.channels import CANARY, SECRETS, SETTINGS, digest, notice, target
from testkit.notifying import ORIGIN

BASE = "https://receiver.example"
HOSTILE = 'Björkå\r\nBcc: spy@example.net\x00 <https://evil.example|click> {text} ]" *@channel* ' + "å" * 5000
NONSENSE = ["\r\nX-Evil: 1", "javascript:alert(1)", "https://user:word@host.example/", "ftp://host.example", "https://[::1", "x" * 3000]
OVER_HTTP = [name for name in CHANNELS if name not in ("mail", "syslog")]


@pytest.fixture(params=[channel.name for channel in ALL])
def channel(request):
    return CHANNELS[request.param]


def whole(outgoing):
    """All that goes out, as text."""
    if isinstance(outgoing, HttpCall):
        return f"{outgoing.url} {dict(outgoing.headers)} {outgoing.body.decode()}"
    return outgoing.message.as_string() if isinstance(outgoing, Mail) else outgoing.line.decode()


def test_the_testkit_knows_every_channel_and_its_fields(channel):
    named = {**SETTINGS[channel.name], **SECRETS[channel.name]}
    fields = {field.name: field for field in channel.fields}
    assert set(named) <= set(fields)
    assert {name for name, field in fields.items() if field.required} <= set(named)
    assert all(fields[name].secret for name in SECRETS[channel.name])
    assert not any(fields[name].secret for name in SETTINGS[channel.name])


def test_what_a_person_would_write_is_taken_and_nothing_at_all_is_not(channel):
    channel.check(target(channel.name, BASE))
    with pytest.raises(SettingsRefused):
        channel.check(Target({}, "", {}))


@pytest.mark.parametrize("value", NONSENSE)
def test_each_required_field_refuses_nonsense(channel, value):
    good = target(channel.name, BASE)
    for field in channel.fields:
        if not field.required or field.name == "secret":
            continue
        with pytest.raises(SettingsRefused) as refused:
            channel.check(Target({**good.settings, field.name: value}, good.recipient, {**good.secrets, field.name: value}))
        assert refused.value.field == field.name


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_kind_and_severity_can_be_said_and_names_its_device(channel, kind, severity, language):
    outgoing = channel.outgoing(notice(kind, severity, language), target(channel.name, BASE), ORIGIN)
    assert isinstance(outgoing, HttpCall | Mail | SyslogLine)
    assert "sw-01" in whole(outgoing)


def test_a_digest_can_be_said(channel):
    assert "3 messages" in whole(channel.outgoing(digest(3), target(channel.name, BASE), ORIGIN)).replace("=\n", "").replace("+", " ")


def test_the_same_notice_goes_out_the_same_again(channel):
    once, again = (whole(channel.outgoing(notice(), target(channel.name, BASE), ORIGIN)) for _ in range(2))
    assert once == again


def test_names_are_data(channel):
    outgoing = channel.outgoing(notice(devices=(HOSTILE,) * 3, by=HOSTILE, facts={"reason": HOSTILE}), target(channel.name, BASE), ORIGIN)
    if isinstance(outgoing, Mail):
        assert outgoing.message["Bcc"] is None
    elif isinstance(outgoing, SyslogLine):
        assert b"\n" not in outgoing.line
        assert len(outgoing.line) <= 8192
    else:
        assert "\n" not in "".join(outgoing.headers.values())
        assert len(outgoing.body) < 64 * 1024
        assert b"u0000" not in outgoing.body
        assert channel.name != "slack" or b"<https://evil" not in outgoing.body


def test_nothing_of_a_secret_is_printed(channel):
    held = target(channel.name, BASE)
    outgoing = channel.outgoing(notice(), held, ORIGIN)
    assert CANARY not in repr(held) + repr(outgoing)


@pytest.mark.parametrize("name", OVER_HTTP)
@pytest.mark.parametrize(("status", "raised"), [(400, Refused), (302, Refused), (401, Unavailable), (429, Unavailable), (503, Unavailable)])
def test_answers_over_http_are_judged(name, status, raised):
    with pytest.raises(raised) as refused:
        CHANNELS[name].judge(Answer(status, {"location": f"https://other.example/{CANARY}", "retry-after": "120"}, b"why\r\nso"))
    assert str(status) in str(refused.value)
    assert CANARY not in str(refused.value)
    if raised is Unavailable:
        assert refused.value.retry_seconds == 120
    CHANNELS[name].judge(Answer(202))
