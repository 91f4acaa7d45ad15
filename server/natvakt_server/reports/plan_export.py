"""The action plan as plain text, to work through with a terminal beside it, and as CSV (RFC 4180), to plan the work with.

Both say what the report says: text from devices is data. A cell of the CSV never begins as a formula of a spreadsheet.
"""

import csv
import io
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from natvakt_server.reports.model import Action, ReportDocument
from natvakt_server.reports.plan import numbers, way_back
from natvakt_server.reports.words import Speech

RULER = "=" * 78
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV_COLUMNS = (
    *("number", "action", "window", "risk", "after", "severity", "device", "address", "site", "findings", "minutes", "contract", "restart"),
    *("title", "commands", "rollback"),
)


def plan_text(document: ReportDocument, language: str) -> bytes:
    """One action after the other in the order of the work, with commands and how they are taken back."""
    speech = Speech(language, ZoneInfo(document.time_zone))
    lines = [
        f"{speech('plan')}: {document.customer}",
        f"{speech('report-id')} {document.id}, {speech.moment(document.made_at)} ({document.time_zone})",
        speech.sentence("plan-manner"),
    ]
    places = numbers(document)
    for action in document.actions:
        lines += ["", RULER, *_action_lines(action, places, speech)]
    if not document.actions:
        lines += ["", speech.sentence("no-work")]
    return ("\n".join(_plain(line) for line in lines) + "\n").encode()


def _action_lines(action: Action, places: dict[str, int], speech: Speech) -> Iterator[str]:
    yield f"{places[action.id]}. {speech.title(action.title)}"
    yield f"   {speech.severity(action.severity)}; {', '.join(action.rules)}"
    yield f"   {speech('window')}: {speech.change(action.change)}"
    yield f"   {speech('change-risk')}: {speech.risk(action.change_risk)}; {speech('effort')}: {speech.duration(action.effort_minutes)}"
    if action.after:
        yield f"   {speech('after')}: {', '.join(str(places[each]) for each in action.after)}"
    yield f"   {speech.title(action.recommendation)}"
    yield ""
    for row in action.table:
        yield f"   [ ] {row.name}  {row.address}  {row.site}  {speech.duration(row.effort_minutes)}"
    if action.commands:
        yield from ("", f"   {speech('commands')}:", *(f"     {line}" for line in action.commands))
    yield from ("", f"   {speech('rollback')}: {way_back(action, speech)}", *(f"     {line}" for line in action.rollback))


def plan_csv(document: ReportDocument, language: str) -> bytes:
    """A line for each device of each action; a byte order mark, so that spreadsheets read it as UTF-8."""
    speech = Speech(language, ZoneInfo(document.time_zone))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    places = numbers(document)
    for action in document.actions:
        after = " ".join(str(places[each]) for each in action.after)
        for row in action.table:
            contract = "" if row.contract is None else speech("yes" if row.contract else "no")
            values = (
                *(places[action.id], action.id, action.change, action.change_risk, after, action.severity, row.name, row.address, row.site),
                *(row.findings, row.effort_minutes, contract, speech("yes" if action.restart else "no"), speech.title(action.title)),
                *("\n".join(action.commands), "\n".join(action.rollback)),
            )
            writer.writerow([safe(value) for value in values])
    return "\ufeff".encode() + out.getvalue().encode()


def safe(value: object) -> object:
    """What a spreadsheet would take for a formula is shown as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _plain(line: str) -> str:
    """No control characters: a terminal obeys them."""
    return "".join(c if c.isprintable() else " " for c in line).rstrip()
