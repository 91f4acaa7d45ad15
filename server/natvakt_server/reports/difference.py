"""What became of last time's findings: fixed with proof, not verified, come back; and how far the scores moved."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from natvakt_server.analysis.engine import Judged
from natvakt_server.analysis.rule import Judgement
from natvakt_server.analysis.score import Weighed, change, weighed
from natvakt_server.domain.assessment import Finding, FindingState, Severity, Verdict
from natvakt_server.reports.model import Fixed, Previous, ReportDocument, ReportFinding, iso

DEVICE_GONE = "device-gone"
RULE_GONE = "rule-gone"
LESS_SEEN = "less-seen"


def since_last(previous: ReportDocument | None, findings: Sequence[Finding], judged: Sequence[Judged], as_of_ns: int) -> tuple[Fixed, ...]:
    """Findings of last time that are not here now. Fixed where the rule was decided on new evidence, else not verified.

    Where the rule still fails on other objects of the device, the object counts as fixed when no fewer objects were
    judged than last time: it was looked at. What could not be verified last time is asked about again, except when its
    device or rule is gone: that is told once.
    """
    if previous is None:
        return ()
    now = {f.id for f in findings}
    places = places_of(previous)
    verdicts = {(j.rule.id, j.device.place): j.judgement for j in judged}
    devices, rules = {j.device.place for j in judged}, {j.rule.id for j in judged}
    pending = [f for f in previous.since_last if f.state == FindingState.NOT_VERIFIED and f.proof not in (DEVICE_GONE, RULE_GONE)]
    gone = []
    candidates: list[ReportFinding | Fixed] = [*previous.findings, *pending]
    for old in candidates:
        if old.id in now:
            continue
        where = places.get(old.device_id, old.device_id)
        judgement = verdicts.get((old.rule, where))
        if judgement is not None and (judgement.verdict is Verdict.PASS or was_looked_at(judgement, previous, old)):
            state, proof = FindingState.FIXED, Verdict.PASS.value
        elif judgement is not None:
            state, proof = FindingState.NOT_VERIFIED, judgement.reason or LESS_SEEN
        else:
            known = old.rule in rules and where in devices
            state = FindingState.NOT_VERIFIED
            proof = Verdict.NOT_APPLICABLE.value if known else RULE_GONE if where in devices else DEVICE_GONE
        proved_at = iso(as_of_ns) if state is FindingState.FIXED else None
        gone.append(Fixed(old.id, old.rule, old.device, old.object, old.severity, old.title, state.value, proof, old.device_id, proved_at))
    return tuple(gone)


def places_of(document: ReportDocument) -> Mapping[str, str]:
    """Device id -> the place it stands in, which stays when another device takes it."""
    return {device.id: device.origin or device.id for device in document.inventory}


def was_looked_at(judgement: Judgement, previous: ReportDocument, old: ReportFinding | Fixed) -> bool:
    before = next((v.judged for v in previous.verdicts if (v.rule, v.device_id) == (old.rule, old.device_id)), 0)
    return judgement.verdict is Verdict.FAIL and judgement.judged >= before


def known_states(previous: ReportDocument | None) -> Mapping[str, str]:
    """Finding id -> state it was left in, for telling new from open from come back."""
    if previous is None:
        return {}
    earlier = dict.fromkeys(previous.fixed_earlier, FindingState.FIXED.value)
    return earlier | {f.id: f.state for f in previous.findings} | {f.id: f.state for f in previous.since_last}


def fixed_earlier(previous: ReportDocument | None, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Ids fixed before this time and still away: should one come back, it is told as come back, not as new."""
    now = {f.id for f in findings}
    return tuple(sorted(i for i, state in known_states(previous).items() if state == FindingState.FIXED and i not in now))


def compared(previous: ReportDocument | None, judged: Sequence[Judged], left: Sequence[Judged]) -> Previous | None:
    """`left`: the same verdicts without what is accepted."""
    if previous is None:
        return None
    highest = {j.rule.id: j.rule.severities[0] for j in judged}
    places = places_of(previous)
    before = [
        Weighed(
            rule=v.rule,
            device_id=places.get(v.device_id, v.device_id),
            weight=1,  # `change` takes today's role
            verdict=Verdict(v.verdict),
            severity=Severity(v.severity) if v.severity else None,
            highest=highest[v.rule],
            failing=v.failing,
            judged=v.judged,
            accepted=v.accepted,
        )
        for v in previous.verdicts
        if v.rule in highest
    ]
    now = [
        replace(weighed(whole), accepted=len(whole.judgement.failures) - len(standing.judgement.failures))
        for whole, standing in zip(judged, left, strict=True)
    ]
    moved = change(before, now)
    return Previous(previous.id, previous.made_at, previous.scores, dict(moved))


def counted(findings: Sequence[str], gone: Sequence[Fixed]) -> dict[str, int]:
    """How many findings are in each state; `findings` are the states of those that stand."""
    states = Counter(findings) + Counter(f.state for f in gone)
    return {state.value: states.get(state.value, 0) for state in FindingState}
