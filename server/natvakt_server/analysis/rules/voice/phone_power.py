"""voice.phone.power: phones or the call server would go dark with the lights."""

from natvakt_server.analysis.answers import judge_answer
from natvakt_server.analysis.applicability import call_server, switch, ups
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.phones import phone_ports
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

LEAST_SECONDS = 900
QUESTION = "phones and call server keep their power for 15 minutes"


def switch_or_call_server(device: Device) -> bool:
    return switch(device) or call_server(device)


def judge(device: Device, evidence: Evidence) -> Judgement:
    """That a UPS of the site carries this device only a person knows; that it lasts too short is seen."""
    if switch(device) and not device.once(phone_ports):
        return not_applicable("no-phones")
    for other in evidence.devices:
        row = next(iter(other.table("ups").rows), {}) if other.site == device.site and ups(other) else {}
        runtime = number(row, "runtime_seconds")
        if runtime is not None and runtime < LEAST_SECONDS:
            facts = (
                Fact(f"{other.name} {other.address} runtime", round(runtime / 60, 1), "min", other.table("ups").observed_ns),
                Fact("wanted", LEAST_SECONDS // 60, "min", None),
            )
            return decide([Failure(None, Severity.MEDIUM, facts)], 1)
    return judge_answer("voice.phone.power", device, evidence, Severity.MEDIUM, QUESTION)


RULE = Rule(
    id="voice.phone.power",
    title=Text(
        "Telephony without power reserve",
        "Telefoni utan reservkraft",
    ),
    impact=Text(
        "With the power the phones go too, and with them the calls for help.",
        "Med strömmen försvinner telefonerna, och med dem samtalen om hjälp.",
    ),
    recommendation=Text(
        "Put switch and call server behind a UPS that lasts 15 minutes with all phones, and test it.",
        "Sätt switch och samtalsväxel bakom en UPS som räcker 15 minuter med alla telefoner, och prova den.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch_or_call_server,
    tables=(),
    beside=("ups", "neighbour", "interface", "port"),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("VVoIP 1220 (GENERAL)",),
)
