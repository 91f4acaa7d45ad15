"""voice.phone.firmware: phones of one model run different firmware."""

from collections import Counter, defaultdict

from natvakt_server.analysis.applicability import gateway_or_call_server
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    """By model where the call server tells it, else by the load's own family, `sip88xx.14-2-1` and `sip88xx.12-8-1`."""
    table = device.table("phone")
    loads: dict[str, Counter[str]] = defaultdict(Counter)
    for row in table.rows:
        load = str(row.get("load") or "")
        if load:
            loads[str(row.get("model") or load.split(".", maxsplit=1)[0])][load] += 1
    failures = []
    for model, found in sorted(loads.items()):
        if len(found) > 1:
            shown = sorted(found.items(), key=lambda item: (-item[1], item[0]))
            facts = tuple(Fact(f"{model} {load}", count, "phones", table.observed_ns) for load, count in shown)
            failures.append(Failure(model, Severity.LOW, facts))
    return decide(failures, len(loads), undecided=Reason.NOT_PROVIDED if table.rows and not loads else None)


RULE = Rule(
    id="voice.phone.firmware",
    title=Text(
        "Phones of one model with different firmware",
        "Telefoner av samma modell med olika firmware",
    ),
    impact=Text(
        "A fault that was corrected lives on in some phones, and nobody can tell why only those behave badly.",
        "Ett rättat fel lever kvar i vissa telefoner, och ingen kan säga varför just de beter sig illa.",
    ),
    recommendation=Text(
        "Set the default load of the model and reset the phones that differ outside office hours.",
        "Sätt modellens standardladdning och starta om de telefoner som avviker utanför kontorstid.",
    ),
    severities=(Severity.LOW,),
    applies_to=gateway_or_call_server,
    tables=("phone",),
    judge=judge,
    effort_minutes=30,
    references=("CISCO-CCM-MIB ccmPhoneLoadID",),
)
