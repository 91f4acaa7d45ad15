"""core.link.udld: a fibre uplink does not notice when it works one way only."""

import re

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    does_not_apply,
    fails,
    passes,
)
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

FIBRE = re.compile(r"(?:te|tengig|twe|twentyfive|fo|forty|hu|hundred)", re.IGNORECASE)
LACP = r"channel-group \d+ mode (?:active|passive)"


def judge(subject: Subject) -> Outcome:
    """On for all fibre ports at once, or port by port. LACP notices by itself (IEEE 802.1AX)."""
    reading = subject.reading
    everywhere = [line for line in reading.find(r"udld (?:enable|aggressive)$|feature udld$") if not line.text.startswith("no ")]
    if everywhere:
        return passes(everywhere)
    ports = [port for port in reading.interfaces if port.physical and not port.shut and port.last(LACP) is None]
    guarded = [line for port in ports if (line := port.on(r"udld port")) is not None]
    bare = [
        port for port in ports if port.trunks and (FIBRE.match(port.name) or port.last("media-type sfp")) and port.on(r"udld port") is None
    ]
    if bare:
        return fails(
            *(Breach(Severity.MEDIUM, (port.line,), port.name, (f"interface {port.name}", " udld port")) for port in bare),
            judged=len(ports),
        )
    if guarded:
        return passes(guarded)
    uplinks = [port for port in reading.interfaces if port.bundled]
    if uplinks and not any(port.trunks for port in ports):
        return does_not_apply("uplinks-use-lacp")
    return fails(Breach(Severity.MEDIUM, remediation=("udld enable",)))


CHECK = ConfigurationRule(
    id="core.link.udld",
    title=Text("Fibre uplink without UDLD", "Fiberupplänk utan UDLD"),
    impact=Text(
        "When one strand breaks the other end still seems up: traffic vanishes, or spanning tree opens a loop.",
        "När en av fibrerna går av ser andra änden ändå uppe ut: trafik försvinner, eller spanning tree öppnar en slinga.",
    ),
    recommendation=Text("Turn UDLD on at both ends of fibre uplinks.", "Slå på UDLD i båda ändar av fiberupplänkar."),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(Requirement(("ios", "ios-xe", "nx-os"), judge, ("CISC-L2-000190",)),),
    roles=SWITCHES,
    references=("RFC 5171",),
)
