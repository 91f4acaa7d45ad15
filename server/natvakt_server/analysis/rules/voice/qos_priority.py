"""voice.qos.priority: a way to the outside has no priority class for voice."""

from collections import defaultdict

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

OUTPUT = "output"


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Every policy on the way out, as the device itself tells it; the configuration is judged beside it."""
    absent = missing(device, "qos", "service-policy output")
    if absent is not None:
        return absent
    policies = defaultdict(list)
    for row in device.table("qos").rows:
        if row.get("direction") == OUTPUT:
            policies[str(row.get("policy"))].append(row)
    failures = []
    for rows in policies.values():
        if not any(row.get("is_priority") is True for row in rows):
            top = next((row for row in rows if not row.get("parent_class")), rows[0])
            name, at_ns = str(top.get("interface") or f"policy {top.get('policy')}"), device.table("qos").observed_ns
            classes = ", ".join(sorted({str(row.get("class")) for row in rows if row.get("class")}))
            facts = (
                Fact(f"{name} policy", str(top.get("policy_map") or top.get("policy")), None, at_ns),
                Fact(f"{name} classes", classes or "none", None, at_ns),
                Fact(f"{name} priority class", "none", None, at_ns),
            )
            commands = (f"policy-map {top.get('policy_map') or '<policy>'}", " class VOICE", "  priority percent 20", "  set dscp ef")
            failures.append(Failure(name, Severity.HIGH, facts, commands))
    return decide(failures, len(policies))


RULE = Rule(
    id="voice.qos.priority",
    title=Text(
        "No priority for voice on the way out",
        "Ingen prioritet för röst på vägen ut",
    ),
    impact=Text(
        "Whenever somebody uploads a file the calls of the whole site break up.",
        "Varje gång någon laddar upp en fil hackar hela platsens samtal.",
    ),
    recommendation=Text(
        "Put voice in a priority class of about a fifth, below a shaper set to the bought rate.",
        "Lägg röst i en prioritetsklass på ungefär en femtedel, under en shaper på den köpta hastigheten.",
    ),
    severities=(Severity.HIGH,),
    applies_to=router,
    tables=(),
    beside=("qos", "configuration"),
    judge=judge,
    effort_minutes=60,
    change=Change.LIVE,
    references=("VVoIP 6205",),
)
