"""Lines of syslog as Cisco's systems and others write them: what they say, who changed the configuration, and that none raises."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from natvakt_agent.listeners.syslog_cisco import heard_of
from natvakt_agent.listeners.syslog_framing import Framing
from natvakt_agent.listeners.texts import plain

LOGGED = "PARSER-5-CFGLOG_LOGGEDCMD"


def heard(text):
    return heard_of("192.0.2.1", 7, text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    ("line", "name", "severity", "host", "told_at"),
    [
        ("<189>45: *Mar  1 00:00:00.123 CET: %SYS-5-CONFIG_I: x", "SYS-5-CONFIG_I", 5, "", "*Mar 1 00:00:00.123 CET"),
        ("<187>45: 000012: core1: Nov 25 2026 03:41:11: %LINK-3-UPDOWN: x", "LINK-3-UPDOWN", 3, "core1", "Nov 25 2026 03:41:11"),
        ("<187>7: .Nov 25 03:41:11.123: %LINK-3-UPDOWN: x", "LINK-3-UPDOWN", 3, "", ".Nov 25 03:41:11.123"),
        ("<187>7: 3d04h: %LINK-3-UPDOWN: x", "LINK-3-UPDOWN", 3, "", "3d04h"),
        ("<187>7: %SW_MATM-4-MACFLAP_NOTIF: x", "SW_MATM-4-MACFLAP_NOTIF", 4, "", ""),
        ("<166>%ASA-6-302013: x", "ASA-6-302013", 6, "", ""),
        ("<166>Mar 01 2026 10:00:00 fw1 : %ASA-6-302013: x", "ASA-6-302013", 6, "fw1", "Mar 01 2026 10:00:00"),
        ("<166>:Mar 01 10:00:00 UTC: %ASA-session-6-302014: x", "ASA-session-6-302014", 6, "", "Mar 01 10:00:00 UTC"),
        ("<189>: 2026 Mar  1 10:00:00 CET: %ETHPORT-5-IF_UP: x", "ETHPORT-5-IF_UP", 5, "", "2026 Mar 1 10:00:00 CET"),
        ("<189>: 2026 Mar  1 10:00:00 CET: %$ VDC-1 %$ %VPC-2-PEER: x", "VPC-2-PEER", 2, "", "2026 Mar 1 10:00:00 CET"),
        (
            "<189>12: RP/0/RSP0/CPU0:Mar  1 10:00:00.1 CET: ifmgr[65]: %PKT_INFRA-LINK-3-UPDOWN : x",
            "PKT_INFRA-LINK-3-UPDOWN", 3, "RP/0/RSP0/CPU0", "Mar 1 10:00:00.1 CET",
        ),
        ("<34>Oct 11 22:14:15 mymachine su: x", "su", 2, "mymachine", "Oct 11 22:14:15"),
        ("<165>1 2026-10-11T22:14:15.003Z host.example app 12 ID47 - x", "app", 5, "host.example", "2026-10-11T22:14:15.003Z"),
        ("<165>1 2026-10-11T22:14:15Z sw1 - - - - %SYS-6-LOGOUT: x", "SYS-6-LOGOUT", 6, "sw1", "2026-10-11T22:14:15Z"),
        ("x", "user", 5, "", ""),
    ],
)  # fmt: skip
def test_each_system_writes_its_own_head(line, name, severity, host, told_at):
    found = heard(line)
    assert (found.name, found.severity, found.host, found.told_at, found.message) == (name, severity, host, told_at, "x")


def test_structured_data_is_kept_behind_the_text():
    found = heard(b'<165>1 2026-10-11T22:14:15Z h app - ID [id@32473 a="b\\"c" d="e"][x@1] \xef\xbb\xbfAn event')
    assert found.message == 'An event [id@32473 a="b\\"c" d="e"][x@1]'


@pytest.mark.parametrize(
    ("line", "user", "origin"),
    [
        ("%SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.5)", "admin", "10.0.0.5"),
        ("%SYS-5-CONFIG_I: Configured from console by console", "console", "console"),
        ("%PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:interface Gi1/0/1", "admin", ""),
        ("%VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by admin on 10.0.0.5@pts/0", "admin", "10.0.0.5"),
        ("%MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user 'admin'. Use 'show configuration commit'", "admin", ""),
        ("%ASA-5-111008: User 'enable_15' executed the 'access-list outside extended permit ip any any' command.", "enable_15", ""),
        ("%ASA-5-111010: User 'anna', running 'CLI' from IP 10.0.0.5, executed 'no logging'", "anna", "10.0.0.5"),
        ("%ASA-5-111007: Begin configuration: 10.0.0.9 reading from terminal", "", "10.0.0.9"),
    ],
)
def test_who_changed_the_configuration_is_told(line, user, origin):
    found = heard(f"<189>1: {line}")
    assert (found.is_change, found.user, found.origin) == (True, user, origin)


@pytest.mark.parametrize(
    "line",
    [
        "%ASA-5-111008: User 'anna' executed the 'show version' command.",
        "%ASA-5-111010: User 'anna', running 'CLI' from IP 10.0.0.5, executed 'write memory'",
        "%ASA-5-111008: User 'anna' executed the 'enable' command.",
        "%SYS-6-LOGOUT: User admin has exited tty session 2(10.0.0.5)",
    ],
)
def test_looking_is_no_change(line):
    assert not heard(f"<189>1: {line}").is_change


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("%PARSER-5-CFGLOG_LOGGEDCMD: User:a logged command:username bo secret 0 it's", "username bo secret 0 it's"),
        ("%ASA-5-111008: User 'a' executed the 'enable password it's-mine' command.", "enable password it's-mine"),
        ("%ASA-5-111010: User 'a', running 'CLI' from IP 10.0.0.5, executed 'enable password x'", "enable password x"),
    ],
)
def test_a_command_is_found_in_its_message(line, command):
    found = heard(f"<189>1: {line}")
    assert found.message[slice(*found.command)] == command


@given(st.binary(max_size=600))
@example(b"<189>45: *Mar  1 00:00:00.123 CET: %SYS-5-CONFIG_I: Configured from \xff\x00by\x1b[31m \xe2\x80\xae")
@example(b"<165>1 - - - - - [" + b'a@1 b="c" ' * 50)
@example(b"%" + b"A-" * 300 + b"5-X: y")
@example("<1>1 \u202e \u2028x y - - - z".encode())
def test_promise_39_any_octets_become_one_printable_line(octets):
    found = heard(octets)
    for text in (found.name, found.message, found.host, found.told_at, found.user, found.origin, found.facility, found.mnemonic):
        assert text.isprintable() or not text
        assert len(text) <= 2048
    assert 0 <= found.severity <= 7
    assert plain(octets) == plain(plain(octets).encode())


HEADS = st.sampled_from([b"<189>1: ", b"<165>1 ", b"<34>Oct 11 22:14:15 h ", b"", b"<999>"])
WORDS = [
    "%SYS-5-CONFIG_I: ",
    "Configured from ",
    "by ",
    "on ",
    '[a b="',
    '"]',
    "%",
    "-",
    "5",
    ": ",
    "'",
    "\\",
    "executed ",
    "logged command:",
]
PIECES = st.sampled_from([word.encode() for word in WORDS])


@given(HEADS, st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=40))
def test_pieces_of_real_messages_in_any_order_never_raise(head, pieces):
    heard(head + b"".join(pieces))


MESSAGES = st.binary(min_size=1, max_size=40).filter(lambda message: not message[:1].isdigit() and not set(message) & {0, 10, 13})
FRAMES = st.lists(MESSAGES, min_size=1, max_size=6)


@given(FRAMES, st.lists(st.booleans(), min_size=6, max_size=6), st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_a_stream_gives_its_messages_whatever_the_pieces(messages, counted, sizes):
    stream = b"".join(
        str(len(message)).encode() + b" " + message if is_counted else message + b"\n"
        for message, is_counted in zip(messages, counted, strict=False)
    )
    framing, found, at = Framing(64), [], 0
    while at < len(stream):
        size = sizes[at % len(sizes)]
        found += framing.feed(stream[at : at + size])
        at += size
    assert found == messages
    assert framing.end() == b""


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_hostile_stream_fills_no_memory(pieces):
    framing = Framing(64)
    for piece in pieces:
        for message in framing.feed(piece):
            assert len(message) <= 64
        assert len(framing._kept) <= 64 + 16 + 300


def test_a_message_that_is_too_long_is_passed_over_and_the_next_one_heard():
    framing = Framing(16)
    assert list(framing.feed(b"100 " + b"x" * 100 + b"5 <1>ab" + b"y" * 50 + b"\n<2>c\n")) == [b"<1>ab", b"<2>c"]
    assert framing.too_long == 2
