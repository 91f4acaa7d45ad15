"""IP SLA operations as rules see them: names, voice probes, loss over a window."""

from collections.abc import Callable, Mapping

from natvakt_server.analysis.evidence import Device, History, Reason, Row
from natvakt_server.analysis.rule import Failure, Judgement, decide, not_applicable

ProbeJudge = Callable[[Device, Row], tuple[Failure | None, bool]]
"""Judges one probe: what fails, if anything, and whether its history is long enough for a pass."""


def probe_name(row: Row) -> str:
    tag, target = str(row.get("tag") or ""), str(row.get("target") or "")
    words = [f"IP SLA {row.get('index')}", *(word for word in (tag, target) if word)]
    return " ".join(words)


def is_voice_probe(row: Row) -> bool:
    """A jitter operation measures what a call would meet; CISCO-RTTMON-MIB rttMonCtrlAdminRttType jitter(9)."""
    return "jitter" in str(row.get("type") or "").casefold()


def voice_probes(device: Device) -> list[Row]:
    return [row for row in device.table("ipsla").rows if is_voice_probe(row)]


def judge_voice_probes(device: Device, judge_probe: ProbeJudge) -> Judgement:
    """Every voice probe of a device by the same measure; unknown only where none could be judged."""
    probes = voice_probes(device)
    if not probes:
        return not_applicable("no-voice-probe")
    failures, judged = [], 0
    for row in probes:
        failure, enough = judge_probe(device, row)
        if failure is not None:
            failures.append(failure)
        judged += failure is not None or enough
    return decide(failures, judged, undecided=None if judged else Reason.SHORT_HISTORY)


def loss_share(series: Mapping[str, History | None]) -> float | None:
    """Lost over sent packets of all operations in the window; None where nothing was sent."""
    sent = series.get("packets_sent")
    if sent is None or not sent.mean:
        return None
    lost = (series.get("packets_lost_source_destination"), series.get("packets_lost_destination_source"))
    return sum(h.mean or 0.0 for h in lost if h is not None) / sent.mean
