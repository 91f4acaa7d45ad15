"""core.wifi.ap-join: an access point the controller had is gone, or joins again and again."""

from natvakt_server.analysis.applicability import controller
from natvakt_server.analysis.evidence import NANOSECONDS, Device, Evidence, History, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

BASELINE_DAYS, REJOIN_DAYS = 30, 7
MOST_REJOINS = 3
GONE_NS = 2 * 3600 * NANOSECONDS
ASSOCIATED = 1  # AIRESPACE-WIRELESS-MIB bsnAPOperationStatus
STATES = {1: "associated", 2: "disassociating", 3: "downloading"}


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Those seen in the last thirty days are the baseline: one that was taken down on purpose is forgotten after that."""
    table = device.table("access_point")
    seen = device.history_by("access_point", "status", BASELINE_DAYS, "mac")
    newest = max((history.last_ns for history in seen.values()), default=0)
    gone = {mac: history for mac, history in seen.items() if newest - history.last_ns > GONE_NS}
    here = [row for row in table.rows if str(row.get("mac")) not in gone and row.get("admin") != "disable"]
    failures = [_gone(mac, history, evidence) for mac, history in sorted(gone.items())]
    uptimes = device.history_by("access_point", "uptime_seconds", REJOIN_DAYS, "mac")
    for row in here:
        state, history = number(row, "status"), uptimes.get(str(row.get("mac")))
        if state is not None and state != ASSOCIATED:
            failures.append(_state(row, int(state), table.observed_ns))
        elif history is not None and history.discontinuities > MOST_REJOINS:
            facts = (
                Fact(f"{_name(row)} restarts", history.discontinuities, "restarts/7 d", history.last_ns),
                Fact("limit", MOST_REJOINS, None, None),
            )
            failures.append(Failure(_name(row), Severity.HIGH, facts, (f"show ap join stats detailed {row.get('mac')}",)))
    return decide(failures, len(here) + len(gone), undecided=None if here or gone else Reason.SHORT_HISTORY)


def _name(row: Row) -> str:
    return str(row.get("name") or row.get("mac"))


def mac_text(mac: str) -> str:
    """`001122334455` as people write it."""
    return ":".join(mac[place : place + 2] for place in range(0, len(mac), 2))


def _state(row: Row, state: int, at_ns: int) -> Failure:
    facts = (Fact(f"{_name(row)} state", STATES.get(state, str(state)), None, at_ns),)
    return Failure(_name(row), Severity.HIGH, facts, (f"show ap name {_name(row)} config general",))


def _gone(mac: str, history: History, evidence: Evidence) -> Failure:
    facts = [Fact(f"access point {mac_text(mac)} last seen", _days(evidence.as_of_ns - history.last_ns), "days ago", history.last_ns)]
    for other in evidence.devices:
        port = next((row for row in other.table("fdb").rows if row.get("mac") == mac), None)
        if port is not None:
            facts.append(
                Fact(
                    f"{mac_text(mac)} was at",
                    f"{other.name} port {port.get('ifIndex') or port.get('port')}",
                    None,
                    other.table("fdb").observed_ns,
                )
            )
    return Failure(mac_text(mac), Severity.HIGH, tuple(facts), ("show ap summary", "show ap join stats summary all"))


def _days(nanoseconds: int) -> float:
    return round(nanoseconds / (86_400 * NANOSECONDS), 1)


RULE = Rule(
    id="core.wifi.ap-join",
    title=Text("Access point is gone or keeps joining anew", "Accesspunkt är borta eller ansluter om och om igen"),
    impact=Text(
        "Where it hangs there is no wireless network, or one that breaks off every few hours.",
        "Där den hänger finns inget trådlöst nät, eller ett som bryts med några timmars mellanrum.",
    ),
    recommendation=Text(
        "Check PoE and cable at its port, then that it gets an address and option 43, then its certificate and the controller's time.",
        "Kontrollera PoE och kabel på dess port, sedan att den får adress och option 43, sedan dess certifikat och kontrollerns klocka.",
    ),
    severities=(Severity.HIGH,),
    applies_to=controller,
    tables=("access_point",),
    beside=("fdb",),
    needs=(Need("access_point", ("status",), BASELINE_DAYS), Need("access_point", ("uptime_seconds",), REJOIN_DAYS)),
    judge=judge,
    effort_minutes=45,
    change=Change.ON_SITE,
    references=("CISCO-LWAPP-AP-MIB", "AIRESPACE-WIRELESS-MIB bsnAPOperationStatus"),
)
