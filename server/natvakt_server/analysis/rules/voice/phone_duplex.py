"""voice.phone.duplex: the port of a phone runs half duplex, or the two ends disagree."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import is_up, label, number
from natvakt_server.analysis.phones import phone_ports
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

HALF, FULL = 2, 3  # EtherLike-MIB dot3StatsDuplexStatus
WORDS = {HALF: "half", FULL: "full"}


def judge(device: Device, evidence: Evidence) -> Judgement:
    failures, judged = [], 0
    seen = device.once(phone_ports)
    for phone in seen:
        own = WORDS.get(int(number(phone.port, "dot3StatsDuplexStatus") or 0)) if phone.port is not None else None
        if own is None or not is_up(phone.row):
            continue
        judged += 1
        told = str(phone.neighbour.get("remote_duplex") or "")
        if own == "half" or told == "half":
            name, at_ns = label(phone.row), device.table("port").observed_ns
            facts = (Fact(f"{name} duplex", own, None, at_ns), Fact(f"{phone.name} duplex", told or "not told", None, at_ns))
            failures.append(Failure(name, Severity.MEDIUM, facts, (f"interface {name}", " duplex auto", " speed auto")))
    if not seen:
        return not_applicable("no-phones")
    return decide(failures, judged, undecided=None if judged else Reason.NOT_PROVIDED)


RULE = Rule(
    id="voice.phone.duplex",
    title=Text(
        "Port of a phone runs half duplex",
        "Telefonport går i halv duplex",
    ),
    impact=Text(
        "Words are cut off whenever the computer behind the phone sends something.",
        "Ord klipps av varje gång datorn bakom telefonen skickar något.",
    ),
    recommendation=Text(
        "Set the port to automatic; if it stays half, change the cable or the phone.",
        "Sätt porten på automatik; blir den kvar i halv, byt kabel eller telefon.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("neighbour", "interface", "port"),
    judge=judge,
    effort_minutes=5,
    change=Change.INTERRUPTION,
    references=("EtherLike-MIB",),
)
