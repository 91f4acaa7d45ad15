"""core.capacity.tables: forwarding tables of the hardware or address pools are nearly full."""

from natvakt_server.analysis.applicability import network_device, server
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

MOST_SHARE = 0.80
LEAST_FREE_SHARE, LEAST_FREE = 0.10, 5
TABLES = ("mac-table", "fib-tcam", "adjacency-table")
POOL = "dhcp-pool"


def network_device_or_server(device: Device) -> bool:
    return network_device(device) or server(device)


def judge(device: Device, evidence: Evidence) -> Judgement:
    table, failures, judged = device.table("capacity"), [], 0
    for row in table.rows:
        used, limit = number(row, "used"), number(row, "limit")
        if used is None or not limit or row.get("resource") not in (*TABLES, POOL):
            continue
        judged += 1
        if row.get("resource") == POOL:
            full = limit - used < max(LEAST_FREE_SHARE * limit, LEAST_FREE)
        else:
            full = used > evidence.policy.get("capacity.tables.share", MOST_SHARE) * limit
        if full:
            failures.append(_failure(row, used, limit, table.observed_ns))
    return decide(failures, judged, undecided=None if judged else Reason.NOT_PROVIDED)


def _failure(row: Row, used: float, limit: float, at_ns: int) -> Failure:
    name = str(row.get("name") or row.get("resource"))
    facts = (
        Fact(f"{name} used", round(used), "entries", at_ns),
        Fact(f"{name} limit", round(limit), "entries", at_ns),
        Fact(f"{name} share", round(used / limit * 100, 1), "%", at_ns),
    )
    if row.get("resource") == POOL:
        return Failure(
            name, Severity.MEDIUM, facts, (f"show ip dhcp pool {name}", f"ip dhcp pool {name}", " network <wider network>", " lease 0 8")
        )
    return Failure(name, Severity.MEDIUM, facts, ("show platform hardware fed switch active fwd-asic resource tcam utilization",))


RULE = Rule(
    id="core.capacity.tables",
    title=Text("Table or address pool is nearly full", "Tabell eller adresspool är nästan full"),
    impact=Text(
        "What no longer fits is flooded or handled by the processor; with an empty pool new devices get no address.",
        "Det som inte får plats flödas eller hanteras av processorn; med tom pool får nya enheter ingen adress.",
    ),
    recommendation=Text(
        "Summarise routes or choose another SDM template; widen the pool or shorten its lease.",
        "Summera rutter eller välj en annan SDM-mall; vidga poolen eller korta lånetiden.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=network_device_or_server,
    tables=("capacity",),
    judge=judge,
    effort_minutes=60,
    references=("CISCO-SWITCH-HARDWARE-CAPACITY-MIB", "CISCO-IETF-DHCP-SERVER-MIB"),
)
