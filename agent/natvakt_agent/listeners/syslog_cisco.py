"""What a Cisco message says: facility, severity, mnemonic; and of a changed configuration, who changed it and from where.

Sources: Cisco's system message guides (IOS, IOS-XE, IOS-XR, NX-OS) and the syslog messages of Secure Firewall ASA (111007, 111008, 111010).
"""

import re
from dataclasses import dataclass

from natvakt_agent.listeners.messages import Heard
from natvakt_agent.listeners.syslog_header import Frame, cisco_head, frame_of

LONGEST_NAME = 96
_MNEMONIC = re.compile(
    r"%(?P<facility>[A-Za-z][A-Za-z0-9_]{0,31}(?:-[A-Za-z0-9_]{1,31}){0,3}?)-(?P<severity>[0-7])-(?P<mnemonic>[A-Za-z0-9_]{1,64}) ?: ?"
)
_VIRTUAL = re.compile(r"%\$ ?VDC-\d{1,3} ?%\$ ?")  # NX-OS names its virtual device before the mnemonic
CHANGES = frozenset({"CONFIG_I", "CFGLOG_LOGGEDCMD", "VSHD_SYSLOG_CONFIG_I", "DB_COMMIT", "111007", "111008", "111010"})
_AUTHORS = (
    re.compile(r"Configured from (?P<source>\S+(?: \S+)?) by (?P<user>\S+?)(?: on (?P<line>\S+)(?: \((?P<address>[^)\s]+)\))?)?\.?$"),
    re.compile(r"User[:=] ?(?P<user>\S+?),? +logged command: ?(?P<command>.+)$"),
    re.compile(r"Configuration committed by user '(?P<user>[^']+)'"),
    re.compile(r"User '(?P<user>[^']+)', running '[^']*' from IP (?P<address>[^\s,]+), executed '(?P<command>.+)'\.?$"),
    re.compile(r"User '(?P<user>[^']+)' executed the '(?P<command>.+)' command\.?$"),
    re.compile(r"Begin configuration: (?P<address>\S+) reading from \S+"),
)
_COMMANDS = (
    re.compile(r"\blogged command: ?(?P<command>.+)$"),
    re.compile(r"\bexecuted (?:the )?'(?P<command>.+)'(?: command)?\.?$"),
    re.compile(r"\b(?:cmd|command|CmdSet) ?[=:] ?[\"']?(?P<command>.+?)[\"']?$", re.IGNORECASE),
)
_READ_ONLY = re.compile(
    r"(?:!exec: ?)?(?:(?:show|more|write|copy|ping|traceroute|terminal|exit|end|login|perfmon|dir|changeto)\b|enable\s*$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Change:
    user: str = ""
    origin: str = ""


def heard_of(source: str, heard_ns: int, octets: bytes) -> Heard:
    """The event of one syslog message. Never raises."""
    frame = frame_of(octets)
    found = _MNEMONIC.search(frame.text)
    if found is None:
        name = frame.program or frame.facility
        return Heard(
            source=source, heard_ns=heard_ns, kind="syslog", name=name[:LONGEST_NAME], severity=frame.severity, facility=frame.facility,
            message=frame.text, command=_command_in(frame.text), host=frame.host, told_at=frame.told_at,
        )  # fmt: skip
    return _cisco(source, heard_ns, frame, found)


def _cisco(source: str, heard_ns: int, frame: Frame, found: re.Match[str]) -> Heard:
    host, told_at = cisco_head(_VIRTUAL.sub("", frame.text[: found.start()]))
    message, mnemonic = frame.text[found.end() :], found["mnemonic"].upper()
    change = change_told(mnemonic, message)
    return Heard(
        source=source,
        heard_ns=heard_ns,
        kind="syslog",
        name=f"{found['facility']}-{found['severity']}-{found['mnemonic']}"[:LONGEST_NAME],
        severity=int(found["severity"]),
        facility=found["facility"],
        mnemonic=found["mnemonic"],
        message=message,
        command=_command_in(message),
        host=host or frame.host,
        told_at=told_at or frame.told_at,
        user=change.user if change else "",
        origin=change.origin if change else "",
        is_change=change is not None,
    )


def change_told(mnemonic: str, message: str) -> Change | None:
    """Who changed the configuration; None where the message tells of no change."""
    if mnemonic not in CHANGES:
        return None
    for form in _AUTHORS:
        match = form.search(message)
        if match is None:
            continue
        told = match.groupdict()
        if _READ_ONLY.match((told.get("command") or "").strip()):
            return None
        user, _, place = (told.get("user") or "").partition("@")
        origin = told.get("address") or told.get("line") or place or told.get("source") or ""
        return Change(user, origin.partition("@")[0])
    return Change()


def _command_in(message: str) -> tuple[int, int] | None:
    match = next((found for form in _COMMANDS if (found := form.search(message))), None)
    return match.span("command") if match else None
