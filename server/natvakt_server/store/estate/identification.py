"""Which estate device an agent's device is. Pure: descriptions in, a decision out.

A device is recognised within its site by serial, engine id or base MAC, in this order of strength: **the strongest evidence both sides
know decides**, so two chassis with one cloned engine id stay two. Address and name count only between devices that have no evidence at all.

- Evidence agrees with none: the agent's device stays where it points if that has no evidence yet (it is then described), else it is new
  hardware in the place of the old.
- Evidence agrees with one or several: all of them, and a placeholder the agent's device pointed to, become one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What vendors leave in a serial number field when they did not fill it in.
_NO_EVIDENCE = frozenset(
    {"", "0", "n/a", "na", "none", "null", "unknown", "default string", "not specified", "to be filled by o.e.m.", "system serial number"}
)
_EMPTY_MACS = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "000000000000", "ffffffffffff"})


@dataclass(frozen=True, slots=True)
class Evidence:
    serial: str | None = None
    engine_id: str | None = None
    base_mac: str | None = None

    @property
    def known(self) -> tuple[str | None, str | None, str | None]:
        """By falling strength, in one spelling; None where nothing is known."""
        return (_clean(self.serial), _clean(self.engine_id), _clean(self.base_mac))

    def __bool__(self) -> bool:
        return any(self.known)

    def agrees_with(self, other: "Evidence") -> bool | None:
        """None: they know nothing in common."""
        for mine, theirs in zip(self.known, other.known, strict=True):
            if mine and theirs:
                return mine == theirs
        return None


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """An estate device as far as recognising goes."""

    id: str
    name: str
    address: str
    evidence: Evidence
    first_seen_ns: int
    last_seen_ns: int
    described_ns: int  # 0: a placeholder
    replaced_by: str | None = None
    agent_devices: int = 0  # how many point to it


@dataclass(frozen=True, slots=True)
class Decision:
    """Point the agent's device to `device` (None: make a new one). `absorbed` become that device; `replaced`: it took that one's place."""

    device: str | None
    absorbed: tuple[str, ...] = ()
    replaced: str | None = None


def recognise(current: KnownDevice, evidence: Evidence, name: str, address: str, site: Sequence[KnownDevice]) -> Decision:
    """`current`: where the agent's device points now. `site`: all devices of the site, current included."""
    others = [each for each in site if each.id != current.id]
    if not evidence:
        return _last_resort(current, name, address, others)
    matches = [each for each in others if evidence.agrees_with(each.evidence)]
    living = [each for each in matches if each.replaced_by is None]
    if not living and matches:
        living = [max(matches, key=lambda each: (each.last_seen_ns, each.id))]
    same = evidence.agrees_with(current.evidence)
    if same is True or not current.evidence or (same is None and not living):
        return _unite([current, *living])
    if living:
        decision = _unite(living)
        return Decision(decision.device, decision.absorbed, _left_empty(current))
    return Decision(None, (), _left_empty(current))


def _last_resort(current: KnownDevice, name: str, address: str, others: Sequence[KnownDevice]) -> Decision:
    if current.evidence or current.described_ns:
        return Decision(current.id)
    nameless = [each for each in others if not each.evidence and each.replaced_by is None and each.described_ns]
    same = [each for each in nameless if address and each.address == address] or [each for each in nameless if name and each.name == name]
    return _unite([current, same[0]]) if len(same) == 1 else Decision(current.id)


def _unite(devices: Sequence[KnownDevice]) -> Decision:
    """The one that is known best and longest keeps its id."""
    ranked = sorted(devices, key=lambda each: (not each.evidence, not each.described_ns, each.first_seen_ns, each.id))
    return Decision(ranked[0].id, tuple(each.id for each in ranked[1:]))


def _left_empty(device: KnownDevice) -> str | None:
    return device.id if device.agent_devices <= 1 else None


def _clean(text: str | None) -> str | None:
    if text is None:
        return None
    clean = text.strip().lower()
    return None if clean in _NO_EVIDENCE or clean in _EMPTY_MACS or not clean.strip("0") else clean
