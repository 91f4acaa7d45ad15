"""voice.phone.registered: phones that are set up are not registered, or are turned away."""

from collections.abc import Sequence

from natvakt_server.analysis.applicability import gateway_or_call_server
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import label, number
from natvakt_server.analysis.phones import REGISTERED, phone_ports
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

MEDIUM_SHARE, HIGH_SHARE = 0.95, 0.85
SHOWN_PHONES = 10
CALL_MANAGER_PARTS = ("phones-registered", "phones-unregistered", "phones-rejected", "phones-partially-registered")


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "voice", "telephony-service|voice register global")
    if absent is not None:
        return absent
    counts = {str(row.get("kind")): int(number(row, "value") or 0) for row in device.table("voice").rows if row.get("index") == "all"}
    if "phones-registered" in counts:
        registered, configured = counts["phones-registered"], sum(counts.get(part, 0) for part in CALL_MANAGER_PARTS)
    elif "ephones-configured" in counts:
        registered, configured = counts.get("ephones-registered", 0), counts["ephones-configured"]
    else:
        return not_applicable("registers-no-phones")
    if not configured:
        return not_applicable("no-phones")
    at_ns = device.table("voice").observed_ns
    share, rejected = registered / configured, counts.get("phones-rejected", 0)
    severity = Severity.HIGH if share < HIGH_SHARE else Severity.MEDIUM if share < MEDIUM_SHARE else Severity.LOW if rejected else None
    if severity is None:
        return decide([], 1)
    facts = [
        Fact("phones registered", registered, "phones", at_ns),
        Fact("phones set up", configured, "phones", at_ns),
        Fact("share registered", round(share * 100, 1), "%", at_ns),
        *([Fact("phones rejected", rejected, "phones", at_ns)] if rejected else ()),
        *_lost_phones(device, evidence),
    ]
    return decide([Failure(None, severity, tuple(facts))], 1)


def _lost_phones(device: Device, evidence: Evidence) -> Sequence[Fact]:
    """By name, with the port where a switch still sees them: those have power and a network, and lack something else."""
    table = device.table("phone")
    lost = sorted((row for row in table.rows if number(row, "status") not in (None, REGISTERED)), key=_name)
    facts = []
    for row in lost[:SHOWN_PHONES]:
        place = _place(_name(row), evidence)
        detail = ", ".join(str(part) for part in (row.get("description"), row.get("address"), place) if part)
        facts.append(Fact(f"not registered {_name(row)}", detail or "seen by no switch", None, table.observed_ns))
    return facts


def _name(row: Row) -> str:
    return str(row.get("name") or row.get("mac") or row.get("index"))


def _place(name: str, evidence: Evidence) -> str | None:
    for other in evidence.devices:
        for seen in other.once(phone_ports):
            if seen.name.split(".")[0].casefold() == name.casefold():
                return f"{other.name} {label(seen.row)}"
    return None


RULE = Rule(
    id="voice.phone.registered",
    title=Text("Phones are not registered", "Telefoner är inte registrerade"),
    impact=Text(
        "Whoever sits at those phones cannot be called and cannot call, not even 112.",
        "Den som sitter vid de telefonerna kan varken nås eller ringa, inte ens 112.",
    ),
    recommendation=Text(
        "Go through the phones named: those a switch sees lack DHCP option 150, a certificate or their entry; the others lack "
        "power or cable.",
        "Gå igenom de nämnda telefonerna: de som en switch ser saknar DHCP option 150, certifikat eller sin post; övriga saknar "
        "ström eller kabel.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM, Severity.LOW),
    applies_to=gateway_or_call_server,
    tables=(),
    beside=("voice", "phone", "neighbour", "interface", "port", "configuration"),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
    references=("CISCO-CCM-MIB ccmRegisteredPhones", "SRG-NET-000015-VVSM-00002"),
)
