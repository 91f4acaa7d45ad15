"""voice.phone.vlan: a phone stands at a port without a voice VLAN, or its voice VLAN is the computers' one."""

from collections import Counter

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import label, number
from natvakt_server.analysis.phones import PhonePort, phone_ports
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

TRUNKING = 1  # CISCO-VTP-MIB vlanTrunkPortDynamicStatus


def judge(device: Device, evidence: Evidence) -> Judgement:
    seen = device.once(phone_ports)
    if not seen:
        return not_applicable("no-phones")
    failures, judged = [], 0
    for phone in seen:
        if phone.port is None or number(phone.port, "access_vlan") is None or number(phone.port, "trunking") == TRUNKING:
            continue
        judged += 1
        failure = _wrong(device, phone, phone.port)
        if failure is not None:
            failures.append(failure)
    return decide(failures, judged, undecided=None if judged else Reason.NOT_PROVIDED)


def _wrong(device: Device, phone: PhonePort, port: Row) -> Failure | None:
    data, voice = number(port, "access_vlan"), number(port, "voice_vlan")
    if data is None or (voice is not None and voice != data):
        return None
    name, at_ns = label(phone.row), device.table("port").observed_ns
    facts = (
        Fact(f"{name} phone", phone.name, None, device.table("neighbour").observed_ns),
        Fact(f"{name} data VLAN", int(data), None, at_ns),
        Fact(f"{name} voice VLAN", int(voice) if voice is not None else "none", None, at_ns),
    )
    return Failure(
        name, Severity.MEDIUM, facts, (f"interface {name}", f" switchport voice vlan {usual_voice_vlan(device) or '<voice VLAN>'}")
    )


def usual_voice_vlan(device: Device) -> int | None:
    """The one most ports of this switch have."""
    found = Counter(int(vlan) for row in device.table("port").rows if (vlan := number(row, "voice_vlan")) is not None)
    return min(found, key=lambda vlan: (-found[vlan], vlan)) if found else None


RULE = Rule(
    id="voice.phone.vlan",
    title=Text("Phone outside the voice VLAN", "Telefon utanför röst-VLAN"),
    impact=Text(
        "Its calls share a network with computers: they can be listened to, get no priority and break up when somebody copies files.",
        "Dess samtal delar nät med datorer: de kan avlyssnas, får ingen prioritet och hackar när någon kopierar filer.",
    ),
    recommendation=Text("Set the voice VLAN of the other ports on this one too.", "Sätt de andra portarnas röst-VLAN även på den här."),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("neighbour", "interface", "port"),
    judge=judge,
    effort_minutes=5,
    change=Change.INTERRUPTION,
    references=("CISCO-VLAN-MEMBERSHIP-MIB vmVoiceVlanId", "VVoIP 5540"),
)
