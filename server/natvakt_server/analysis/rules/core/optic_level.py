"""core.optic.level: light beyond the optic's own thresholds, or 2 dB off what it used to be."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import by_name, is_up, number, short
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide, unknown
from natvakt_server.analysis.sensors import beyond, name
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 90
DRIFT_DB = 2.0
DARK_DBM = -40.0


def dark_by_design(device: Device, row: Row) -> bool:
    """An optic in a port that is down sees no light, and that is no fault of the optic."""
    interface = by_name(device).get(short(name(row).split(" ", maxsplit=1)[0]))
    return interface is not None and not is_up(interface)


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("sensor")
    histories = device.history_by("sensor", "value", WINDOW_DAYS, "oid")
    failures, judged, short_history = [], 0, False
    for row in table.rows:
        value = number(row, "value")
        if row.get("kind") != "optical-power" or value is None or value <= DARK_DBM or dark_by_design(device, row):
            continue
        judged += 1
        grade = beyond(row, value)
        history = histories.get(str(row.get("oid")))
        drifted = history is not None and history.median is not None and history.enough and abs(value - history.median) > DRIFT_DB
        if grade or drifted:
            failures.append(_failure(row, value, grade, table.observed_ns))
        short_history = short_history or history is None or not history.enough
    if not judged:
        return unknown(Reason.NOT_PROVIDED)
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short_history else None)


def _failure(row: Row, value: float, grade: str | None, at_ns: int) -> Failure:
    facts = [Fact(f"{name(row)}", round(value, 1), "dBm", at_ns)]
    for field in ("low_critical", "low_warning", "high_warning", "high_critical"):
        limit = number(row, field)
        if grade and limit is not None and field.endswith(grade):
            facts.append(Fact(f"{name(row)} {field.replace('_', ' ')}", round(limit, 1), "dBm", None))
    port = name(row).split(" ", maxsplit=1)[0]
    severity = Severity.HIGH if grade == "critical" else Severity.MEDIUM
    return Failure(port, severity, tuple(facts), (f"show interfaces {port} transceiver detail",))


RULE = Rule(
    id="core.optic.level",
    title=Text("Optical power outside its limits", "Optisk effekt utanför gränserna"),
    impact=Text(
        "The link still runs, with damaged frames; a bent or dirty fibre soon takes it down.",
        "Länken går ännu, med skadade ramar; en böjd eller smutsig fiber tar snart ner den.",
    ),
    recommendation=Text(
        "Clean the connectors, check bends and patches, then replace the optic.",
        "Rengör kontakterna, kontrollera böjar och paneler, byt sedan optiken.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=network_device,
    tables=("sensor",),
    needs=(Need("sensor", ("value",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
    references=("CISCO-ENTITY-SENSOR-MIB",),
)
