"""The plan: what discovery found, for a person to approve. Also the JSON that `natvakt-agent discover --json` prints.

A person may edit the file: take devices out, set `approve` to false, give another name, address, port or credential. What is not
understood is refused with its place, so that a slip of the keyboard never becomes a target.
"""

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct, field

from natvakt_agent.discovery.scope import ScopeRefused, parse_address

SCHEMA = "natvakt.discovery/1"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)
MOST_BYTES = 32 * 1024 * 1024
HIGHEST_PORT = 65_535


class PlanRefused(Exception):
    """The plan cannot be used; every line names place, value, reason and way out."""


class PlannedDevice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One device. `state`: new, known (already a target), moved (a target at another address), replaced (other hardware than before)."""

    approve: bool
    name: str
    address: str
    credential: str
    snmp_port: int = 161
    state: str = "new"
    target: str | None = None  # the target it is known as
    addresses: list[str] = field(default_factory=list)
    found_by: list[str] = field(default_factory=list)
    other_credentials: list[str] = field(default_factory=list)
    sys_name: str | None = None
    sys_descr: str | None = None
    vendor: str | None = None
    os: str | None = None
    version: str | None = None
    model: str | None = None
    serial: str | None = None
    engine_id: str | None = None
    base_mac: str | None = None


class Unmatched(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody is there, but no credential was accepted."""

    address: str
    reason: str
    found_by: list[str]
    engine_id: str | None = None


class Outside(Struct, frozen=True, forbid_unknown_fields=True):
    """An address that was told of and, being outside what may be asked, was not asked."""

    address: str
    told_by: list[str]


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """Something a person should look at."""

    kind: str
    addresses: list[str]
    text: str


class Counts(Struct, frozen=True, forbid_unknown_fields=True):
    addresses: int = 0
    answered: int = 0
    without_snmp: int = 0
    packets: int = 0
    logins: int = 0
    refused_logins: int = 0
    seconds: float = 0.0


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`complete` is false where discovery was cancelled: run it again and it goes on."""

    schema: str = SCHEMA
    made_at: str
    complete: bool
    networks: list[str]
    seeds: list[str]
    packets_per_second: float
    devices: list[PlannedDevice]
    unmatched: list[Unmatched] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)
    notices: list[Told] = field(default_factory=list)
    not_tried: list[str] = field(default_factory=list)  # credentials that were held back, and why
    counts: Counts = field(default_factory=Counts)

    def approved(self) -> list[PlannedDevice]:
        """What a person said yes to and is not a target yet."""
        return [device for device in self.devices if device.approve and device.state in ("new", "moved")]


def encoded(plan: Plan) -> bytes:
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"


def decoded(content: bytes, place: str) -> Plan:
    """Read a plan, perhaps edited by hand. Raises PlanRefused; `place` names the file."""
    if len(content) > MOST_BYTES:
        raise PlanRefused(f"plan {place}: is larger than {MOST_BYTES} bytes; name the right file")
    try:
        schema = msgspec.json.decode(content, type=_Head).schema
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PlanRefused(f"plan {place}: is not a plan ({error}); mend it, or make it anew with `natvakt-agent discover`") from None
    if schema != SCHEMA:
        raise PlanRefused(f"plan {place}: schema {schema[:40]!r} is not {SCHEMA}; use the release that wrote it, or discover again")
    try:
        plan = msgspec.json.decode(content, type=Plan)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PlanRefused(f"plan {place}: {error}; mend it, or make it anew with `natvakt-agent discover`") from None
    problems = [f"plan {place}: {problem}" for problem in _problems(plan.devices)]
    if problems:
        raise PlanRefused("\n".join(problems))
    return plan


class _Head(Struct):
    schema: str


def _problems(devices: Sequence[PlannedDevice]) -> list[str]:
    found: list[str] = []
    names: dict[str, int] = {}
    addresses: dict[str, int] = {}
    for position, device in enumerate(devices):
        here = f"devices[{position}]"
        if not NAME.fullmatch(device.name):
            found.append(f"{here}.name = {device.name[:60]!r}: use 1 to 63 letters, digits, dots, dashes or underscores")
        try:
            address = parse_address(device.address)
        except ScopeRefused as error:
            found.append(f"{here}.address: {error}")
            continue
        if not 1 <= device.snmp_port <= HIGHEST_PORT:
            found.append(f"{here}.snmp_port = {device.snmp_port}: is not a port; write 1 to {HIGHEST_PORT}")
        if not device.approve:
            continue
        for what, value, seen in (("name", device.name, names), ("address", address, addresses)):
            if value in seen:
                found.append(f"{here}.{what} = {value!r}: is used by devices[{seen[value]}] too; change it or set `approve` to false")
            seen.setdefault(value, position)
    return found
