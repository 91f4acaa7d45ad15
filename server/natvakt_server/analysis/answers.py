"""Rules that only a person can answer: the newest answer counts as long as it is fresh enough."""

from natvakt_server.analysis.evidence import DAY_NS, Device, Evidence
from natvakt_server.analysis.rule import Failure, Judgement, decide, manual
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

FRESH_DAYS = 365


def judge_answer(
    rule: str, device: Device, evidence: Evidence, severity: Severity, question: str, fresh_days: float = FRESH_DAYS
) -> Judgement:
    """Pass or fail by what was answered within a year, or `fresh_days`, else `manual`: `not-answered` or `answer-too-old`."""
    given = [answer for answer in evidence.answers if (answer.rule, answer.device) == (rule, device.id)]
    newest = max(given, key=lambda answer: answer.given_ns, default=None)
    if newest is None:
        return manual("not-answered")
    age_days = (evidence.as_of_ns - newest.given_ns) / DAY_NS
    if age_days > fresh_days:
        return manual("answer-too-old")
    if newest.holds:
        return decide([], 1)
    facts = (
        Fact(question, "no", None, newest.given_ns),
        Fact("answered by", newest.by, None, newest.given_ns),
        *((Fact("remark", newest.remark, None, newest.given_ns),) if newest.remark else ()),
    )
    return decide([Failure(None, severity, facts)], 1)
