"""voice.phone.churn: phones lose their registration again and again, or many at once."""

from natvakt_server.analysis.applicability import gateway_or_call_server
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_A_DAY = 3
MOST_AT_ONCE = 0.05
BACK_AGAIN = 0.99


def judge(device: Device, evidence: Evidence) -> Judgement:
    phones = device.history_by("phone", "status", WINDOW_DAYS, "index")
    called = {str(row.get("index")): str(row.get("name") or row.get("mac")) for row in device.table("phone").rows}
    registered = next(iter(device.history("voice", "value", WINDOW_DAYS, kind="phones-registered")), None)
    failures = []
    for index, history in sorted(phones.items()):
        a_day = history.changes / 2 / max(history.days, 1)
        if a_day > MOST_A_DAY:
            name = called.get(index, f"phone {index}")
            facts = (
                Fact(f"{name} registered anew", round(a_day, 1), "times/d", history.last_ns),
                Fact("limit", MOST_A_DAY, "times/d", None),
            )
            failures.append(Failure(name, Severity.MEDIUM, facts))
    if registered is not None and registered.median and registered.minimum is not None and registered.last is not None:
        lost = (registered.median - registered.minimum) / registered.median
        if lost > MOST_AT_ONCE and registered.last >= BACK_AGAIN * registered.median:
            facts = (
                Fact("phones registered, usually", round(registered.median), "phones", registered.last_ns),
                Fact("phones registered, fewest", round(registered.minimum), "phones", registered.last_ns),
            )
            failures.append(Failure("all phones", Severity.MEDIUM, facts))
    enough = any(history.enough for history in phones.values()) or (registered is not None and registered.enough)
    if not failures and not enough:
        return unknown(Reason.SHORT_HISTORY) if phones or registered is not None else not_applicable("registers-no-phones")
    return decide(failures, len(phones) + (registered is not None))


RULE = Rule(
    id="voice.phone.churn",
    title=Text(
        "Phones lose their registration again and again",
        "Telefoner tappar sin registrering om och om igen",
    ),
    impact=Text(
        "Calls break and phones are dead for minutes, always when somebody waits for a call.",
        "Samtal bryts och telefoner är döda i minuter, alltid när någon väntar på ett samtal.",
    ),
    recommendation=Text(
        "Look for what the phones named have in common: an uplink, a PoE budget, a firewall session that times out, a node.",
        "Leta efter vad de nämnda telefonerna har gemensamt: en upplänk, en PoE-budget, en brandväggssession som går ut, en nod.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=gateway_or_call_server,
    tables=(),
    beside=("phone",),
    needs=(
        Need("phone", ("status",), WINDOW_DAYS),
        Need("voice", ("value",), WINDOW_DAYS),
    ),
    judge=judge,
    effort_minutes=45,
)
