"""core.config.backup, as the configuration tells: the device does not save itself elsewhere when it is changed."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, fails, passes
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))
EVENT = r"event (?:tag \S+ )?(?:syslog .*CONFIG_I|cli .*(?:write|copy|wr)|timer (?:cron|watchdog|countdown) )"
COPIES = r"action \S+ cli command \"(?:do )?(?:copy (?:run\S*|start\S*|system:running-config) |archive config)"

# Cisco ASA: 111001 to 111010 tell of configurations written, read and changed
FIREWALL_EVENT = r"event (?:syslog id 1110(?:0[1-9]|10)(?:-\d+)?\b|timer (?:watchdog|absolute) )"
FIREWALL_COPIES = (
    r"action \d+ cli command \"(?:copy /noconfirm (?:run\S*|start\S*|system:running-config) \S+://|backup /noconfirm |write net )"
)


def judge(subject: Subject) -> Outcome:
    """By `archive` with `write-memory`, or an applet that copies when a change is logged."""
    reading = subject.reading
    archive = reading.below("archive$", r"(?:write-memory|time-period \d+)$")
    if archive and reading.below("archive$", r"path \S+"):
        return passes(archive)
    copying = applet_lines(reading, EVENT, COPIES)
    if copying:
        return passes(copying)
    fix = ("archive", " path scp://<server>/$h-$t", " write-memory")
    return fails(Breach(Severity.LOW, archive, "copy on change", fix))


def judge_firewall(subject: Subject) -> Outcome:
    """ASA has no archive: an applet that copies when a change is logged, or by the clock."""
    copying = applet_lines(subject.reading, FIREWALL_EVENT, FIREWALL_COPIES)
    if copying:
        return passes(copying)
    fix = (
        "event manager applet BACKUP",
        " event syslog id 111008",
        ' action 1 cli command "copy /noconfirm running-config scp://<user>@<server>/<name>"',
        " output none",
    )
    return fails(Breach(Severity.LOW, (), "copy on change", fix))


def applet_lines(reading: Reading, event: str, action: str) -> tuple[Line, ...]:
    """When and what the first applet copies that does; empty where none does both."""
    for applet in reading.find("event manager applet "):
        events, copies = reading.inside(applet, event), reading.inside(applet, action)
        if events and copies:
            return (*events, *copies)
    return ()


CHECK = ConfigurationRule(
    id="core.config.backup",
    title=Text("No current copy of the configuration", "Ingen aktuell kopia av konfigurationen"),
    impact=Text(
        "When the device breaks, its replacement must be set up from memory; that takes a day instead of half an hour.",
        "När enheten går sönder måste ersättaren ställas in ur minnet; det tar en dag i stället för en halvtimme.",
    ),
    recommendation=Text("Let the device archive itself at every save.", "Låt enheten arkivera sig själv vid varje sparning."),
    severities=(Severity.LOW,),
    effort_minutes=15,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-001410",)),
        Requirement(("asa",), judge_firewall, ("CASA-ND-001350",)),
    ),
)
