"""A notification as an event: its OID and its objects by name, states in words, and a forwarded syslog message as that message."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from natvakt_agent.collectors.snmp.pysnmp_answers import AnsweredVarbind
from natvakt_agent.collectors.snmp.pysnmp_notifications import TRAP_OID, UPTIME, Notification
from natvakt_agent.listeners.messages import Heard
from natvakt_agent.listeners.notification_names import NOTICE, NOTIFICATIONS, OBJECTS, STATES, WARNING, Known
from natvakt_agent.listeners.syslog_cisco import change_told
from natvakt_agent.listeners.texts import one_line, plain

LONGEST_VALUE = 255
LONGEST_NAME = 96
MOST_TOLD = 24
_NOT_TOLD = frozenset({UPTIME, TRAP_OID, "1.3.6.1.6.3.18.1.3.0", "1.3.6.1.6.3.18.1.4.0", "1.3.6.1.6.3.1.1.4.3.0"})
"""Said elsewhere in the event, or the community (RFC 3584, 3.1)."""
CONFIGURATION_CHANGES = frozenset({"ciscoConfigManEvent", "ccmCLIRunningConfigChanged"})
_RUNNING = "running"


def heard_of(source: str, heard_ns: int, notification: Notification) -> Heard:
    """The event of one notification."""
    known = NOTIFICATIONS.get(notification.oid) or Known(notification.oid, WARNING if _is_generic(notification.oid) else NOTICE, "")
    told = list(_told(notification.varbinds))[:MOST_TOLD]
    event = Heard(
        source=source,
        heard_ns=heard_ns,
        kind="inform" if notification.is_inform else "trap",
        name=known.name[:LONGEST_NAME],
        severity=known.severity,
        facility=known.mib,
        message=one_line(" ".join(f"{name}={value}" for name, value in told)),
        told_at=f"up {notification.uptime_ticks // 100} s" if notification.uptime_ticks is not None else "",
    )
    values = {name.partition(".")[0]: value for name, value in told}
    if known.name == "clogMessageGenerated":
        return _forwarded(event, values)
    return _with_change(event, values) if known.name in CONFIGURATION_CHANGES else event


def _is_generic(oid: str) -> bool:
    return oid.startswith("1.3.6.1.6.3.1.1.5.")


def _told(varbinds: Sequence[AnsweredVarbind]) -> Iterator[tuple[str, str]]:
    for each in varbinds:
        if each.oid not in _NOT_TOLD:
            name, base = _named(each.oid)
            yield name, _value(each, base)


def _named(oid: str) -> tuple[str, str]:
    """The object with its index, and without."""
    parts = oid.split(".")
    for length in range(len(parts) - 1, 6, -1):
        name = OBJECTS.get(".".join(parts[:length]))
        if name is not None:
            index = ".".join(parts[length:])
            return (name if index == "0" else f"{name}.{index}"), name
    return oid, ""


def _value(each: AnsweredVarbind, name: str) -> str:
    value = each.value
    if isinstance(value, int) and name in STATES:
        return STATES[name].get(value, str(value))
    if isinstance(value, bytes):
        is_text = all(32 <= octet < 127 or octet in (9, 10, 13) for octet in value.rstrip(b"\x00"))
        return plain(value.rstrip(b"\x00"), LONGEST_VALUE) if is_text else value[: LONGEST_VALUE // 2].hex()
    return one_line(str(value), LONGEST_VALUE)


def _forwarded(event: Heard, values: dict[str, str]) -> Heard:
    """CISCO-SYSLOG-MIB carries the parts of a message; its severities count from one (emergency)."""
    told, mnemonic = values.get("clogHistSeverity", ""), values.get("clogHistMsgName", "")
    severity = int(told) - 1 if told.isascii() and told.isdigit() and 1 <= int(told[:3]) <= 8 else event.severity
    facility, text = values.get("clogHistFacility", ""), values.get("clogHistMsgText", "")
    change = change_told(mnemonic.upper(), text)
    return replace(
        event,
        name=f"{facility}-{severity}-{mnemonic}"[:LONGEST_NAME] if facility and mnemonic else event.name,
        severity=severity,
        facility=facility,
        mnemonic=mnemonic,
        message=text,
        user=change.user if change else "",
        origin=change.origin if change else "",
        is_change=change is not None,
    )


def _with_change(event: Heard, values: dict[str, str]) -> Heard:
    """CISCO-CONFIG-MAN-MIB tells what was copied where: only what goes into the running configuration changes it."""
    destination = values.get("ccmHistoryEventConfigDestination", _RUNNING)
    return replace(event, user=values.get("ccmHistoryEventTerminalUser", ""), is_change=destination == _RUNNING)
