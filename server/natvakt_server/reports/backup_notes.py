"""Part 9 from the evidence: how each device stands with its configuration backup."""

from collections.abc import Mapping, Sequence

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.engine import Judged
from natvakt_server.analysis.evidence import DAY_NS, Device, Evidence, Reason
from natvakt_server.backups.configurations import restorable
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.reports.model import ConfigurationBackup, iso

TABLE = "configuration"
UNSAVED = "core.config.unsaved"
SAVED: Mapping[Verdict, bool] = {Verdict.PASS: True, Verdict.FAIL: False}


def backups(evidence: Evidence, judged: Sequence[Judged]) -> tuple[ConfigurationBackup, ...]:
    """Empty where no configuration was ever fetched at these sites: nothing is then said of single devices."""
    saved = {j.device.id: SAVED.get(j.judgement.verdict) for j in judged if j.rule.id == UNSAVED}
    devices = sorted(evidence.devices, key=lambda d: (d.site, d.name))
    fetched = any(d.table(TABLE).observed_ns for d in devices)
    return tuple(note(d, saved.get(d.id), evidence.as_of_ns) for d in devices if network_device(d)) if fetched else ()


def note(device: Device, saved: bool | None, as_of_ns: int) -> ConfigurationBackup:
    table = device.table(TABLE)
    row = next((row for row in table.rows if isinstance(row.get("text"), str)), None)
    if not table.observed_ns or row is None:
        missing = Reason.NO_CONFIG.value if table.missing in {None, Reason.NOT_PROVIDED} else str(table.missing)
        return ConfigurationBackup(device.name, device.address, None, None, None, saved, False if not table.observed_ns else None, missing)
    said = row.get("complete")
    complete = said if isinstance(said, bool) else None
    names = frozenset({device.name, *(str(r["sysName"]) for r in device.table("device").rows if r.get("sysName"))})
    told = restorable.Told(device.os, names, frozenset({device.serial} if device.serial else ()))
    verdict = restorable.judge(parse(str(row["text"])), told, complete, str(row.get("incomplete_reason") or ""))
    return ConfigurationBackup(
        device=device.name,
        address=device.address,
        observed_at=iso(table.observed_ns),
        age_days=round((as_of_ns - table.observed_ns) / DAY_NS, 1),
        complete=complete,
        saved=saved,
        restorable=verdict.restorable,
        reason=verdict.reason.value if verdict.reason else None,
    )
