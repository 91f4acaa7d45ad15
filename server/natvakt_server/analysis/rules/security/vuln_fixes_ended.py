"""security.vuln.fixes-ended: the vendor no longer corrects vulnerabilities of this hardware."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.hardware import chassis_pids
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.analysis.vulnerabilities import age_of, day_of
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

MILESTONE = "end_of_vulnerability_support"


def judge(device: Device, evidence: Evidence) -> Judgement:
    today = day_of(evidence).isoformat()
    known = [evidence.knowledge.products[pid] for pid in chassis_pids(device) if pid in evidence.knowledge.products]
    told = [product for product in known if product.milestones.get(MILESTONE)]
    failures = []
    for product in told:
        day = product.milestones[MILESTONE]
        if day < today:
            facts = (
                Fact(f"{product.pid} last vulnerability corrections", day),
                *((Fact(f"{product.pid} replaced by", product.replacement),) if product.replacement else ()),
                Fact(f"{product.pid} told by", f"{product.source} {product.as_of}"),
                *age_of(product.as_of or day, evidence),
            )
            failures.append(Failure(product.pid, Severity.HIGH, facts))
    return decide(failures, len(told), undecided=None if told else Reason.NOT_LISTED)


RULE = Rule(
    id="security.vuln.fixes-ended",
    title=Text("No more corrections of vulnerabilities", "Inga fler rättelser av sårbarheter"),
    impact=Text(
        "The next vulnerability stays open for as long as the hardware is in use.",
        "Nästa sårbarhet förblir öppen så länge hårdvaran används.",
    ),
    recommendation=Text(
        "Replace the hardware; until then keep what manages it to a few addresses.",
        "Byt hårdvaran; begränsa till dess förvaltningen till några få adresser.",
    ),
    severities=(Severity.HIGH,),
    applies_to=any_device,
    tables=(),
    beside=("component",),
    judge=judge,
    effort_minutes=15,
    references=("EoX",),
    change=Change.ON_SITE,
)
