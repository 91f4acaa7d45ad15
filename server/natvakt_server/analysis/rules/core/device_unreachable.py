"""core.device.unreachable: the device does not answer, or was away too often."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
AGREED_SHARE = 0.995


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Away now: no method answered in the two last polls. Away too often: even the best method answered too seldom."""
    table = device.table("reachability")
    histories = device.history("reachability", "up", WINDOW_DAYS)
    answers = [number(row, "up") for row in table.rows]
    if not answers:
        return decide([], 0, undecided=Reason.NOT_PROVIDED)
    at_ns = table.observed_ns
    if not any(answers) and not any(h.previous for h in histories):
        facts = tuple(Fact(f"answer to {row.get('method')}", "none", None, at_ns) for row in table.rows)
        return decide([Failure(None, Severity.HIGH, facts)], 1)
    availability = max((h.mean or 0.0 for h in histories), default=None)
    agreed = evidence.policy.get("device.unreachable.share", AGREED_SHARE)
    if availability is not None and availability < agreed:
        facts = (
            Fact("availability", round(availability * 100, 2), "%", at_ns),
            Fact("agreed", round(agreed * 100, 2), "%", None),
        )
        return decide([Failure(None, Severity.HIGH, facts)], 1)
    enough = any(h.enough for h in histories)
    return decide([], 1, undecided=None if enough else Reason.SHORT_HISTORY)


RULE = Rule(
    id="core.device.unreachable",
    title=Text("Device does not answer, or too seldom", "Enheten svarar inte, eller för sällan"),
    impact=Text(
        "What cannot be reached cannot be watched or mended from a distance, and its users may be without network.",
        "Det som inte kan nås kan varken övervakas eller åtgärdas på distans, och dess användare kan sakna nät.",
    ),
    recommendation=Text(
        "Check power and uplink, then access lists and the agent's own path.",
        "Kontrollera ström och upplänk, sedan accesslistor och agentens väg.",
    ),
    severities=(Severity.HIGH,),
    applies_to=any_device,
    tables=("reachability",),
    needs=(Need("reachability", ("up",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
)
