"""voice.srst.capacity: the branch's router would keep fewer phones alive than stand there."""

import re

from natvakt_server.analysis.applicability import gateway
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import missing, text_of
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.phones import phones_of_site
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

LIMIT = re.compile(r"^ +max-(?:ephones|pool) (\d+)", re.MULTILINE)


def judge(device: Device, evidence: Evidence) -> Judgement:
    told = configured_limit(text_of(device) or "")
    absent = missing(device, "srst", "call-manager-fallback|voice register global")
    if absent is not None and told is None:
        return absent
    row = next(iter(device.table("srst").rows), {})
    if row.get("enabled") is False:
        return not_applicable("srst-off")
    most, at_ns = number(row, "max_phones"), device.table("srst").observed_ns
    if most is None:
        most, at_ns = told, device.table("configuration").observed_ns
    if most is None:
        return unknown(Reason.NOT_PROVIDED)
    if not any(other.site == device.site and other.table("neighbour").missing is None for other in evidence.devices):
        return unknown(Reason.PEER_NOT_SEEN)
    phones = phones_of_site(evidence, device.site)
    if not phones:
        return not_applicable("no-phones")
    if most >= phones:
        return decide([], 1)
    facts = (
        Fact("phones SRST keeps", int(most), "phones", at_ns),
        Fact(f"phones at {device.site}", phones, "phones", at_ns),
    )
    return decide([Failure(None, Severity.HIGH, facts, ("call-manager-fallback", f" max-ephones {phones}", f" max-dn {2 * phones}"))], 1)


def configured_limit(text: str) -> float | None:
    """Phones by `max-ephones` and `max-pool` together, None where no line says."""
    found = [int(match[1]) for match in LIMIT.finditer(text)]
    return float(sum(found)) if found else None


RULE = Rule(
    id="voice.srst.capacity",
    title=Text("Survivable telephony is too small for the site", "Överlevnadstelefonin räcker inte för platsen"),
    impact=Text(
        "When the line to the call manager breaks, some phones of the branch stay dead, and nobody knows beforehand which.",
        "När förbindelsen till samtalsväxeln bryts förblir en del av filialens telefoner döda, och ingen vet i förväg vilka.",
    ),
    recommendation=Text(
        "Raise the limit to the number of phones at the site; check the licence and the model's own limit first.",
        "Höj gränsen till antalet telefoner på platsen; kontrollera först licensen och modellens egen gräns.",
    ),
    severities=(Severity.HIGH,),
    applies_to=gateway,
    tables=(),
    beside=("srst", "neighbour", "interface", "port", "configuration"),
    judge=judge,
    effort_minutes=10,
    references=("CISCO-SRST-MIB csrstMaxEphones", "VVoIP 1215"),
)
