"""core.device.snmp-health: the device leaves questions unanswered, or spends its processor on answering them."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_TIMEOUTS, MOST_CPU = 0.02, 0.20
ENGINE = "snmp engine"


def judge(device: Device, evidence: Evidence) -> Judgement:
    requests = next(iter(device.history("poll", "requests", WINDOW_DAYS)), None)
    timeouts = next(iter(device.history("poll", "timeouts", WINDOW_DAYS)), None)
    failures, judged = [], 0
    if requests is not None and timeouts is not None and requests.mean and timeouts.mean is not None:
        share = timeouts.mean / requests.mean
        judged += requests.enough or share > MOST_TIMEOUTS
        if share > MOST_TIMEOUTS:
            facts = (
                Fact("questions not answered", round(share * 100, 1), "%", timeouts.last_ns),
                Fact("limit", MOST_TIMEOUTS * 100, "%", None),
            )
            failures.append(Failure("SNMP", Severity.MEDIUM, facts, ("show snmp", "show ip access-lists")))
    for row in device.table("process").rows:
        used = number(row, "used_ratio")
        if used is not None and ENGINE in str(row.get("name") or "").casefold():
            judged += 1
            if used > MOST_CPU:
                facts = (
                    Fact("SNMP engine", round(used * 100, 1), "% CPU", device.table("process").observed_ns),
                    Fact("limit", MOST_CPU * 100, "%", None),
                )
                view = ("snmp-server view natvakt iso included", "snmp-server view natvakt ipNetToMediaTable excluded")
                failures.append(Failure("SNMP engine", Severity.MEDIUM, facts, view))
    return decide(failures, judged, undecided=None if judged else Reason.SHORT_HISTORY)


RULE = Rule(
    id="core.device.snmp-health",
    title=Text("Device answers SNMP badly", "Enheten svarar dåligt på SNMP"),
    impact=Text(
        "What is not answered is not supervised, and a processor busy with SNMP has less time for the network.",
        "Det som inte besvaras övervakas inte, och en processor upptagen av SNMP har mindre tid för nätet.",
    ),
    recommendation=Text(
        "Look for a filter or rate limit on the way; keep the largest tables out of the view.",
        "Leta efter filter eller hastighetsgräns på vägen; håll de största tabellerna utanför vyn.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=any_device,
    tables=(),
    beside=("process",),
    needs=(Need("poll", ("requests", "timeouts"), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=20,
)
