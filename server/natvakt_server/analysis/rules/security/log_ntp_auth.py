"""security.log.ntp-auth: the clock believes only a server that shows a key."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    sources = _lines(reading, r"(?:server|peer) \S")
    breaches = [Breach(Severity.LOW, (line,), line.text, (f"{_whole(line)} key 1",)) for line in sources if " key " not in f"{line.text} "]
    parts = (
        (r"authenticate$", "ntp authenticate"),
        (r"authentication-key \d+ ", "ntp authentication-key 1 md5 <key>"),
        (r"trusted-key \d", "ntp trusted-key 1"),
    )
    for pattern, command in parts:
        if sources and not _lines(reading, pattern):
            breaches.append(Breach(Severity.LOW, (), command.rpartition(" ")[0] if "<" in command else command, (command,)))
    return settle(breaches, len(sources), sources, "no-ntp-source")


def _lines(reading: Reading, pattern: str) -> list[Line]:
    """`ntp server ...` at the top; IOS-XR writes `server ...` below `ntp`."""
    return reading.find(rf"ntp {pattern}") or reading.below(r"ntp$", pattern)


def _whole(line: Line) -> str:
    return line.text if line.text.lower().startswith("ntp") else f"ntp {line.text}"


CHECK = ConfigurationRule(
    id="security.log.ntp-auth",
    title=Text("Time is taken from anybody", "Tiden tas från vem som helst"),
    impact=Text(
        "A false server moves the clock: logs no longer fit together, certificates end.",
        "En falsk server flyttar klockan: loggar stämmer inte längre ihop, certifikat slutar gälla.",
    ),
    recommendation=Text("Authenticate each time source with a key.", "Autentisera varje tidskälla med en nyckel."),
    severities=(Severity.LOW,),
    effort_minutes=10,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-001150",)),
        Requirement(("asa",), judge, ("CASA-ND-001080",)),
        Requirement(("nx-os", "ios-xr"), judge),
    ),
    references=("RFC 5905",),
)
