"""The frame around a syslog message: RFC 5424, RFC 3164, and what Cisco's systems write in its place.

    <165>1 2026-03-01T10:00:00.003Z core1 app 12 ID47 [a@32473 b="c"] text     RFC 5424
    <34>Oct 11 22:14:15 host su: text                                          RFC 3164
    <189>45: 000012: core1: *Mar  1 00:00:00.123 CET: %SYS-5-CONFIG_I: text    IOS, with sequence numbers and host where configured
    <166>Mar 01 2026 10:00:00 fw1 : %ASA-6-302013: text                        ASA
    <189>: 2026 Mar  1 10:00:00 CET: %ETHPORT-5-IF_UP: text                    NX-OS
    <189>12: RP/0/RSP0/CPU0:Mar  1 10:00:00.1 CET: config[65]: %MGBL-...: text IOS-XR

Any octets are read as something: no message is so wrong that it raises.
"""

import re
from dataclasses import dataclass

from natvakt_agent.listeners.texts import one_line, plain

NOTICE, USER = 5, 1
FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
    "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
)  # fmt: skip
LONGEST_WORD = 64
LONGEST_HEADER = 160
MOST_DATA = 512

_PRIORITY = re.compile(r"<(\d{1,3})>")
_MODERN = re.compile(
    r"1 (?P<at>\S{1,40}) (?P<host>\S{1,255}) (?P<program>\S{1,48}) (?P<process>\S{1,128}) (?P<id>\S{1,32}) (?P<rest>-(?: |$)|\[)"
)
_DATA = re.compile(r'\[[^\s\]="]{1,64}(?: [^\s\]="]{1,32}="(?:[^"\\\]]|\\.)*")*\]')
_TIME = (
    r"[.*]?(?:\d{4} )?[A-Z][a-z]{2} {1,2}\d{1,2}(?: \d{4})? \d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?: [A-Z][A-Za-z0-9+-]{1,7})?(?: \d{4}(?=:))?"
)
_UPTIME = r"(?:\d+[ywdh]){1,4}\d*[a-z]?|\d{2}:\d{2}:\d{2}"
_MOMENT = re.compile(rf"(?:{_TIME})|(?:\d{{4}}-\d{{2}}-\d{{2}}T\S{{8,30}})|(?:(?<!\S)(?:{_UPTIME})(?=:))")
_OLD = re.compile(
    r"(?P<at>[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}) (?P<host>\S{1,255}) (?P<program>[^\s:\[]{1,48})(?:\[[^\]\s]{0,32}\])?: ?"
)
_SEQUENCE = re.compile(r"\d{1,12}:\s*")


@dataclass(frozen=True, slots=True)
class Frame:
    """`severity` and `facility` as the frame tells them; `text` is what it stood around."""

    severity: int
    facility: str
    text: str
    host: str = ""
    told_at: str = ""
    program: str = ""


def frame_of(octets: bytes) -> Frame:
    """Of one message, without the framing of its stream."""
    text = plain(octets.lstrip(b"\xef\xbb\xbf").strip(b"\x00\r\n"))
    found = _PRIORITY.match(text)
    number = int(found[1]) if found else USER * 8 + NOTICE
    facility, severity = divmod(number, 8) if number < len(FACILITIES) * 8 else (USER, NOTICE)
    rest = text[found.end() :] if found else text
    return _modern(rest, severity, FACILITIES[facility]) or _old(rest, severity, FACILITIES[facility])


def _modern(text: str, severity: int, facility: str) -> Frame | None:
    found = _MODERN.match(text)
    if found is None:
        return None
    at = found.start("rest")
    if text[at] == "[":
        ends = at
        while (data := _DATA.match(text, ends)) is not None:
            ends = data.end()
        message = text[ends:].lstrip() if ends > at else text[at:]
        message = f"{message} {text[at : min(ends, at + MOST_DATA)]}".strip() if ends > at else message
    else:
        message = text[at + 1 :].lstrip()
    return Frame(severity, facility, message.removeprefix("\ufeff"), _word(found["host"]), _word(found["at"]), _word(found["program"]))


def _old(text: str, severity: int, facility: str) -> Frame:
    found = _OLD.match(text)
    if found is not None and not found["program"].startswith("%"):
        return Frame(severity, facility, text[found.end() :], found["host"], found["at"], found["program"])
    return Frame(severity, facility, text)


def cisco_head(head: str) -> tuple[str, str]:
    """Host and time out of what stands before `%FACILITY-...`."""
    head = head[:LONGEST_HEADER]
    told = _MOMENT.search(head)
    at = told[0] if told else ""
    before = head[: told.start()] if told else head
    behind = head[told.end() :] if told else ""
    while (number := _SEQUENCE.match(before)) is not None:
        before = before[number.end() :]
    words = [word for word in re.split(r":\s|\s|:$", f"{before} {behind}") if word.strip(": ")]
    hosts = [word for word in words if not word.startswith("%") and not re.fullmatch(r"\S+\[\d+\]:?|[A-Z]{2,5}:?", word)]
    return (_word(hosts[0].strip(":")) if hosts else ""), at.lstrip()


def _word(text: str) -> str:
    return "" if text == "-" else one_line(text, LONGEST_WORD)
