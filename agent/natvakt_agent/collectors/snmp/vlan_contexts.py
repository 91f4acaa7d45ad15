"""What a Cisco switch shows of one VLAN at a time: its spanning tree and its learned addresses.

With a spanning tree for each VLAN (PVST+, Rapid PVST+) BRIDGE-MIB tells of VLAN 1 only; the others stand behind the
community with `@VLAN` after it, in SNMPv3 in the context `vlan-VLAN`. That is a question and more for every VLAN, so it is
asked with snapshots only. A device that does not answer there is not asked again while its memory lasts.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from natvakt_agent.collectors.snmp.checked import CheckedSession
from natvakt_agent.collectors.snmp.memory import DeviceMemory
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, looked_up, numbers, state
from natvakt_agent.collectors.snmp.pack_engine import PackEngine
from natvakt_agent.collectors.snmp.packs.forwarding import LEARNED
from natvakt_agent.collectors.snmp.packs.spanning_tree import EXTENSIONS, PORT, PORT_IF_INDEX, SPANNING_TREE, STATES
from natvakt_agent.collectors.snmp.session import DeadlinePassed, SnmpFault
from natvakt_agent.model.target import Secret, SnmpCredential, Target

logger = logging.getLogger(__name__)

TREE_TYPE = f"{EXTENSIONS}.6.1.0"  # stpxSpanningTreeType
TREES_PER_VLAN = (1, 5, None)  # pvstPlus, rapidPvstPlus, or a device that does not say
VLAN_TYPE = "1.3.6.1.4.1.9.9.46.1.3.1.1.3"  # vtpVlanType, at management domain and VLAN
ETHERNET = 1
FIRST_VLAN = 1  # what the device shows without a context
MOST_VLANS = 48
MOST_SILENT = 2  # contexts in a poll; each costs its timeouts
NO_CONTEXTS = "contexts of VLANs"  # their place in the memory of what a device does not have

PORTS_OF_VLAN = Pack(
    name="bridge-stp-ports-of-vlan", mib="BRIDGE-MIB", table="stp_port", index=numbers("port"),
    columns=(state("state", f"{PORT}.3", STATES), document("path_cost", f"{PORT}.5"), looked_up("ifIndex", PORT_IF_INDEX, at="port")),
    tested=1,
)  # fmt: skip
CONTEXT_PACKS: Mapping[str, Pack] = MappingProxyType({"stp": SPANNING_TREE, "stp_port": PORTS_OF_VLAN, "fdb": LEARNED})


def in_vlan(target: Target, vlan: int) -> Target | None:
    """The same device in a VLAN's context; None where the credential already names a context of its own."""
    credential = target.snmp
    if credential is None or credential.context_name is not None:
        return None
    return replace(target, snmp=_contextual(credential, vlan))


def _contextual(credential: SnmpCredential, vlan: int) -> SnmpCredential:
    if credential.community is not None:
        return replace(credential, community=Secret(f"{credential.community.reveal()}@{vlan}"))
    return replace(credential, context_name=f"vlan-{vlan}")


def _context(vlan: int) -> str:
    return f"context of VLAN {vlan}"


class VlanContexts:
    """The contexts of one device in one poll. `open_in` gives a session in a VLAN's context, None where there can be none."""

    def __init__(self, session: CheckedSession, memory: DeviceMemory, open_in: Callable[[int], CheckedSession | None]) -> None:
        self._session = session
        self._memory = memory
        self._open_in = open_in
        self._vlans: Sequence[int] | None = None
        self._engines: dict[int, PackEngine] = {}
        self.faults: dict[str, Exception] = {}  # by pack: rows are missing that the device has

    def rows(self, pack: Pack) -> list[Row]:
        """The pack's rows of every VLAN but the first, each with its `vlan`; none from a device without contexts."""
        if NO_CONTEXTS in self._memory.absent or not self._memory.sys_object_id.startswith(CISCO_PRODUCTS):
            return []
        found: list[Row] = []
        silent = 0
        for vlan in self._known_vlans():
            if _context(vlan) in self._memory.absent:
                continue
            try:
                told = self._in_context(vlan, pack)
            except (SnmpFault, ValueError) as fault:
                logger.debug("no context of vlan=%d object_id=%s reason=%s", vlan, self._memory.sys_object_id, fault)
                silent += 1
                if self._is_passing(vlan, fault) or silent == MOST_SILENT:
                    self.faults[pack.name] = fault
                if isinstance(fault, DeadlinePassed) or silent == MOST_SILENT or NO_CONTEXTS in self._memory.absent:
                    break
            else:
                found += [{**row, "vlan": vlan} for row in told]
                self._answered(vlan, pack, told)
        return found

    def _is_passing(self, vlan: int, fault: Exception) -> bool:
        """Whether it may well answer the next time; where not, that is remembered."""
        if isinstance(fault, DeadlinePassed) or _context(vlan) in self._memory.had:
            return True
        self._memory.absent.add(_context(vlan) if NO_CONTEXTS in self._memory.had else NO_CONTEXTS)
        return False

    def _answered(self, vlan: int, pack: Pack, told: Sequence[Row]) -> None:
        if told:
            self._memory.had.add(_context(vlan))
            self._memory.had.add(NO_CONTEXTS)
        elif pack is SPANNING_TREE:  # no tree, then neither ports of it nor anything learned
            self._memory.absent.add(_context(vlan))

    def _in_context(self, vlan: int, pack: Pack) -> Sequence[Row]:
        if vlan not in self._engines:
            session = self._open_in(vlan)
            if session is None:
                return ()
            session.tally = self._session.tally  # one poll, one cost
            self._engines[vlan] = PackEngine(session, DeviceMemory(self._memory.born_monotonic_ns, self._memory.site), True)
        return self._engines[vlan].rows(pack)

    def _known_vlans(self) -> Sequence[int]:
        if self._vlans is None:
            try:
                self._vlans = self._asked_vlans()
            except SnmpFault as fault:
                logger.debug("no list of vlans object_id=%s reason=%s", self._memory.sys_object_id, fault)
                self._vlans = ()
        return self._vlans

    def _asked_vlans(self) -> Sequence[int]:
        if self._session.get((TREE_TYPE,)).get(TREE_TYPE) not in TREES_PER_VLAN:
            return ()
        kinds = self._session.column(VLAN_TYPE)
        vlans = sorted({index[-1] for index, kind in kinds.items() if kind == ETHERNET and index[-1] != FIRST_VLAN})
        if len(vlans) > MOST_VLANS:
            self._session.tally.flaws[f"{len(vlans)} VLANs; only the trees of the first {MOST_VLANS} are read one by one"] += 1
        return vlans[:MOST_VLANS]
