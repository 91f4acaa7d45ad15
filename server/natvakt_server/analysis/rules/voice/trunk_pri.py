"""voice.trunk.pri: a digital trunk to the public network is down or counts errors."""

from natvakt_server.analysis.applicability import gateway
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import by_index, is_enabled, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

LAYER_TWO = 3  # ISDN-MIB isdnLapdOperStatus l2Active
LAYERS = {1: "inactive", 2: "layer 1 only", 3: "active"}
NO_ALARM = 1  # DS1-MIB dsx1LineStatus


def judge(device: Device, evidence: Evidence) -> Judgement:
    isdn, ds1, interfaces = device.table("isdn"), device.table("ds1"), by_index(device)
    if isdn.missing is not None and ds1.missing is not None:
        absent = missing(device, "isdn", "controller [TE]1|isdn switch-type|interface Serial[0-9/]+:(?:15|23)")
        if absent is not None:
            return absent
    failures, judged = [], 0
    for table in (isdn, ds1):
        for row in table.rows:
            port = interfaces.get(str(row.get("ifIndex")))
            if port is not None and not is_enabled(port):
                continue
            judged += 1
            name = str(row.get("name") or f"ifIndex {row.get('ifIndex')}")
            facts = _d_channel(row, name, table.observed_ns) if table.name == "isdn" else _line(row, name, table.observed_ns)
            if facts:
                commands = (
                    ("show isdn status", "show controllers e1")
                    if table.name == "isdn"
                    else (f"show controllers {name}", "show network-clocks")
                )
                failures.append(Failure(name, Severity.HIGH, tuple(facts), commands))
    return decide(failures, judged)


def _d_channel(row: Row, name: str, at_ns: int) -> list[Fact]:
    layer = number(row, "layer")
    return [] if layer is None or layer == LAYER_TWO else [Fact(f"{name} D channel", LAYERS.get(int(layer), "unknown"), None, at_ns)]


def _line(row: Row, name: str, at_ns: int) -> list[Fact]:
    status, errored = number(row, "line_status"), number(row, "errored_seconds_day")
    facts = []
    if status is not None and status != NO_ALARM:
        facts.append(Fact(f"{name} alarms", str(row.get("alarms") or f"status {int(status)}"), None, at_ns))
    if errored:
        facts.append(Fact(f"{name} errored seconds", round(errored), "s/24 h", at_ns))
    if facts and row.get("circuit"):
        facts.append(Fact(f"{name} circuit", str(row["circuit"]), None, at_ns))
    if facts and row.get("clock_source"):
        facts.append(Fact(f"{name} clock", str(row["clock_source"]), None, at_ns))
    return facts


RULE = Rule(
    id="voice.trunk.pri",
    title=Text(
        "Digital trunk is down or counts errors",
        "Digital förbindelse är nere eller räknar fel",
    ),
    impact=Text(
        "Nobody reaches the company by its main number, or calls crackle and break.",
        "Ingen når företaget på huvudnumret, eller så knastrar och bryts samtalen.",
    ),
    recommendation=Text(
        "Report it to the carrier with times; take the clock from the line and change the cable.",
        "Anmäl till operatören med klockslag; ta klockan från linjen och byt kabel.",
    ),
    severities=(Severity.HIGH,),
    applies_to=gateway,
    tables=(),
    beside=("isdn", "ds1", "interface", "configuration"),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
    references=("RFC 4805", "RFC 2127"),
)
