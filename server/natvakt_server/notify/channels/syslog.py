"""Syslog (RFC 5424) over UDP (RFC 5426), TCP (RFC 6587, octet counting) or TLS (RFC 5425)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.port import Answer, Field, Notice, Origin, SettingsRefused, SyslogLine, Target

FACILITY_LOCAL0 = 16
SEVERITIES: Mapping[Severity, int] = {Severity.CRITICAL: 2, Severity.WARNING: 4, Severity.INFORMATION: 6}
NOTICE = 5
STRUCTURE = "natvakt@32473"  # IANA's number for examples: natvakt has none of its own
MOST_DATAGRAM_BYTES, MOST_LINE_BYTES = 1400, 8192
PORTS: Mapping[str, int] = {"udp": 514, "tcp": 601, "tls": 6514}
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SyslogChannel:
    name: str = "syslog"
    fields: Sequence[Field] = (
        Field("host", example="log.example.org"),
        Field("transport", choices=("tls", "tcp", "udp")),
        Field("port", required=False, example="6514"),
    )
    follows_incidents: bool = False

    def check(self, target: Target) -> None:
        if not HOST.fullmatch(target["host"]):
            raise SettingsRefused("host", "host")
        if target["transport"] not in PORTS:
            raise SettingsRefused("transport", "choice")
        port = target["port"]
        if port and not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65_536):
            raise SettingsRefused("port", "port")

    def recipients(self, _settings: Mapping[str, str]) -> Sequence[str]:
        return ("",)

    def outgoing(self, notice: Notice, target: Target, _origin: Origin) -> SyslogLine:
        transport = target["transport"]
        most = MOST_DATAGRAM_BYTES if transport == "udp" else MOST_LINE_BYTES
        port = int(target["port"]) if target["port"] else PORTS[transport]
        return SyslogLine(target["host"], port, transport, line(notice, most))

    def judge(self, answer: Answer) -> None:
        """Syslog answers nothing: over TCP and TLS it was taken when the line was written, over UDP nobody knows."""


def line(notice: Notice, most_bytes: int) -> bytes:
    severity = NOTICE if notice.kind in (Kind.CLEARED, Kind.ACKNOWLEDGED) else SEVERITIES[notice.severity]
    at = EPOCH + timedelta(microseconds=notice.at_ns // 1000)
    first = notice.occasions[0] if notice.occasions else None
    values = {"id": notice.key, "incident": notice.incident, "count": str(notice.count), "severity": notice.severity.value}
    if first is not None and not notice.is_digest:
        values |= {"customer": first.tenant, "site": first.site, "cause": first.cause, "device": first.devices[0] if first.devices else ""}
    structure = " ".join([STRUCTURE, *(f'{name}="{_quoted(value)}"' for name, value in values.items() if value)])
    kind = "digest" if notice.is_digest else notice.kind.value
    head = f"<{FACILITY_LOCAL0 * 8 + severity}>1 {at:%Y-%m-%dT%H:%M:%S.%fZ} - natvakt - {kind} [{structure}] "
    whole = head.encode() + b"\xef\xbb\xbf" + _printable(notice.subject).encode("utf-8", "replace")
    return whole[:most_bytes].decode(errors="ignore").encode()


def _printable(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)


def _quoted(text: str) -> str:
    """RFC 5424, section 6.3.3."""
    return re.sub(r'(["\\\]])', r"\\\1", _printable(text))


CHANNEL = SyslogChannel()
