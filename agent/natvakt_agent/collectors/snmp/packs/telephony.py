"""Telephony on a router: phones of CME (CISCO-CCME-MIB) and survivable telephony for a branch (CISCO-SRST-MIB)."""

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, fixed, series, state
from natvakt_agent.collectors.snmp.packs.voice_counts import VoiceCount, voice_counts
from natvakt_agent.collectors.snmp.reading import Flaw, address, filled_text, hexadecimal, truth
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

CME = "1.3.6.1.4.1.9.9.439.1"
SET_UP = f"{CME}.1.43.1"  # ccmeEphoneConfEntry
ACTIVE = f"{CME}.2.6.1"  # ccmeEphoneActEntry
SRST = "1.3.6.1.4.1.9.9.441.1"
FALLBACK = {1: "active", 2: "inactive"}
AS_CCM = {1: 2, 2: 3, 3: 3}  # registered, unregistered, deceased in the codes of CISCO-CCM-MIB, which the table uses

EPHONE_COUNTS = voice_counts(
    "cme-phones-count", "CISCO-CCME-MIB",
    VoiceCount("ephones-registered", f"{CME}.2.3", "Phones registered at CME", f"{CME}.1.6"),
    VoiceCount("ephones-configured", f"{CME}.2.2", "Phones known to CME", f"{CME}.1.6"),
    VoiceCount("ephone-call-legs", f"{CME}.2.1", "Call legs of CME phones"),
)  # fmt: skip


def registration(raw: SnmpValue) -> Value:
    if isinstance(raw, int):
        return AS_CCM.get(raw)
    raise Flaw(f"{type(raw).__name__} where a state was expected")


def ephone(index: Index) -> Row | None:
    return {"system": "cme", "index": index[0]} if len(index) == 1 else None


EPHONES = Pack(
    name="cme-phones",
    mib="CISCO-CCME-MIB",
    table="phone",
    index=ephone,
    columns=(
        series("status", f"{ACTIVE}.2", registration),
        document("name", f"{ACTIVE}.1", filled_text),
        document("mac", f"{SET_UP}.4", hexadecimal),
        document("address", f"{SET_UP}.3", address),
        document("model", f"{ACTIVE}.11", filled_text),
        document("load", f"{ACTIVE}.8", filled_text),
        document("description", f"{SET_UP}.6", filled_text),
    ),
    applies=CISCO_PRODUCTS,
    tested=1,
)
SURVIVABLE = Pack(
    name="cisco-srst",
    mib="CISCO-SRST-MIB",
    table="srst",
    index=fixed(),
    columns=(
        state("state", f"{SRST}.3.1", FALLBACK),
        series("registered_phones", f"{SRST}.3.2"),
        series("call_legs", f"{SRST}.3.3"),
        series("max_phones", f"{SRST}.2.7"),
        series("max_numbers", f"{SRST}.2.8"),
        document("enabled", f"{SRST}.2.1", truth),
        document("version", f"{SRST}.2.2", filled_text),
        document("address", f"{SRST}.2.4", address),
    ),
    applies=CISCO_PRODUCTS,
    scalar=True,
)
TELEPHONY_PACKS = (EPHONE_COUNTS, EPHONES, SURVIVABLE)
