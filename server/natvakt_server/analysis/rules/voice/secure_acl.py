"""voice.secure.acl: signalling of the gateway is open to the world."""

from collections.abc import Sequence

from natvakt_server.analysis.configuration.access_lists import Entry
from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    does_not_apply,
    settle,
)
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

VOIP = r"(?:voice service voip|dial-peer voice \d+ voip|sip-ua|gateway$)"
SIGNALLING = (("udp", 5060), ("tcp", 5060), ("tcp", 5061), ("tcp", 1720))


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    if not subject.configuration.anywhere(VOIP):
        return does_not_apply("no-voip")
    outside = [port for port in reading.outside if not port.shut]
    good: list[Line] = []
    breaches: list[Breach] = []
    for port in outside:
        line = port.on(r"ip access-group \S+ in")
        name = line.text.split()[2] if line is not None else ""
        acl = reading.access_lists.get(name)
        if line is None or acl is None:
            fix = (
                "ip access-list extended VOICE-IN",
                " permit udp host <provider> any eq 5060",
                " deny udp any any eq 5060",
                " deny tcp any any range 5060 5061",
            )
            breaches.append(
                Breach(Severity.HIGH, (line or port.line,), port.name, (*fix, f"interface {port.name}", " ip access-group VOICE-IN in"))
            )
            continue
        wrong = next((found for found in (first_match(acl.entries, *each) for each in SIGNALLING) if found is not None), None)
        if wrong is not None:
            breaches.append(Breach(Severity.HIGH, (wrong, line), port.name, (f"ip access-list extended {name}", f" no {wrong.text}")))
        else:
            good.append(line)
    return settle(breaches, len(outside), good, "no-outside")


def first_match(entries: Sequence[Entry], protocol: str, number: int) -> Line | None:
    """The permit that lets any source reach that port, None where a deny comes first or nothing lets it."""
    for entry in entries:
        if entry.active and entry.source.anything and entry.reaches_port(protocol, number):
            return entry.line if entry.permits else None
    return None


CHECK = ConfigurationRule(
    id="voice.secure.acl",
    title=Text("Signalling ports are open to the world", "Signaleringsportar är öppna mot omvärlden"),
    impact=Text(
        "Whoever scans the internet can try to place calls, register phones or bring the gateway down.",
        "Den som skannar internet kan försöka ringa, registrera telefoner eller sänka gatewayen.",
    ),
    recommendation=Text(
        "Let only the provider reach 5060, 5061 and 1720 from outside.", "Låt bara leverantören nå 5060, 5061 och 1720 utifrån."
    ),
    severities=(Severity.HIGH,),
    effort_minutes=20,
    requirements=(Requirement(("ios", "ios-xe"), judge),),
    roles=ROUTERS,
    references=("VVoIP 6300",),
)
