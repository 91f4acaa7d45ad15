"""core.capacity.sessions: connections, translations or VPN users come close to what the device can hold."""

from natvakt_server.analysis.applicability import firewall, router
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_SHARE = 0.80
RESOURCES = ("vpn-sessions", "vpn-users", "anyconnect-sessions", "lan-to-lan-sessions", "firewall-connections", "nat-translations")


def router_or_firewall(device: Device) -> bool:
    return router(device) or firewall(device)


def judge(device: Device, evidence: Evidence) -> Judgement:
    """A resource whose limit the device does not tell cannot be judged."""
    share = evidence.policy.get("capacity.sessions.share", MOST_SHARE)
    failures, judged, short = [], 0, False
    for row in device.table("capacity").rows:
        limit = number(row, "limit")
        if row.get("resource") not in RESOURCES or not limit:
            continue
        place = {"resource": str(row.get("resource")), "index": str(row.get("index"))}
        history = next(iter(device.history("capacity", "used", WINDOW_DAYS, **place)), None)
        if history is not None and history.p95 is not None and history.p95 > share * limit:
            name = str(row.get("name") or row.get("resource"))
            facts = (
                Fact(f"{name} p95", round(history.p95), "sessions", history.last_ns),
                Fact(f"{name} at most", round(history.maximum or 0), "sessions", history.last_ns),
                Fact(f"{name} limit", round(limit), "sessions", device.table("capacity").observed_ns),
            )
            failures.append(Failure(name, Severity.MEDIUM, facts, ("show resource usage", "show vpn-sessiondb summary")))
        elif history is None or not history.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=None if judged else Reason.SHORT_HISTORY if short else Reason.NOT_PROVIDED)


RULE = Rule(
    id="core.capacity.sessions",
    title=Text("Session limit is near", "Gränsen för sessioner är nära"),
    impact=Text(
        "At the limit new connections are refused: the next person who works from home does not get in.",
        "Vid gränsen nekas nya anslutningar: nästa person som arbetar hemifrån kommer inte in.",
    ),
    recommendation=Text(
        "End sessions that only idle, buy licences, or plan a larger model before the peak season.",
        "Avsluta sessioner som bara är vilande, köp licenser eller planera en större modell före toppsäsongen.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=router_or_firewall,
    tables=("capacity",),
    needs=(Need("capacity", ("used",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    references=("CISCO-REMOTE-ACCESS-MONITOR-MIB", "CISCO-FIREWALL-MIB"),
)
