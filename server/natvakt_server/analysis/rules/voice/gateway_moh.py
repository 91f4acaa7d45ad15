"""voice.gateway.moh: music on hold is sent as multicast where no multicast passes."""

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


def judge(subject: Subject) -> Outcome:
    music = subject.configuration.anywhere(r"(?:ccm-manager music-on-hold|multicast moh |moh multicast)")
    if not music:
        return does_not_apply("no-multicast-music")
    paths = [line for port in subject.reading.interfaces if (line := port.on(r"ip pim \S")) is not None]
    routing = [line for line in subject.reading.find(r"ip multicast-routing") if not line.text.startswith("no ")]
    if paths and routing:
        return passes((*music, *routing, *paths))
    routed = [port for port in subject.reading.interfaces if port.routed and not port.shut]
    fix = ["ip multicast-routing"] if not routing else []
    fix += [command for port in routed[:2] for command in (f"interface {port.name}", " ip pim sparse-mode")] if not paths else []
    return fails(Breach(Severity.LOW, music, "music on hold", tuple(fix)))


CHECK = ConfigurationRule(
    id="voice.gateway.moh",
    title=Text("Music on hold has no way through", "Pausmusiken har ingen väg fram"),
    impact=Text("Callers on hold hear nothing and hang up.", "Den som väntar hör ingenting och lägger på."),
    recommendation=Text(
        "Route multicast on the interfaces to phones and call server, or send the music to each.",
        "Routa multicast på gränssnitten mot telefoner och växel, eller skicka musiken till var och en.",
    ),
    severities=(Severity.LOW,),
    effort_minutes=30,
    requirements=(Requirement(("ios", "ios-xe"), judge),),
    roles=ROUTERS,
)
