"""voice.secure.media: a SIP trunk over a network of others carries signalling or voice in clear text."""

import re

from natvakt_server.analysis.configuration.addresses import address_of, is_public
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

TARGET = re.compile(r"session target (?:ipv4:(?P<address>[\d.]+)|dns:(?P<name>\S+)|sip-server)", re.IGNORECASE)


def judge(subject: Subject) -> Outcome:
    """Over a network of others: the target is a public address, or a name in somebody's domain."""
    reading = subject.reading
    good: list[Line] = []
    breaches: list[Breach] = []
    everywhere_tls = reading.below("sip-ua$|voice service voip", r"(?:transport tcp tls|session transport tcp tls|crypto signaling)")
    everywhere_srtp = reading.below("voice service voip", r"srtp(?: |$)(?!fallback)")
    for peer in reading.find(r"dial-peer voice \d+ voip"):
        lines = reading.find(r"session target ", peer)
        if not lines or not _leaves(lines[-1]) or reading.find(r"shutdown$", peer):
            continue
        tls = reading.find(r"session transport tcp tls|voice-class sip (?:url sips|tenant)", peer) or everywhere_tls
        srtp = reading.find(r"srtp(?: |$)|voice-class sip srtp", peer) or everywhere_srtp
        if tls and srtp:
            good += [*tls, *srtp]
            continue
        fix = [peer.text, *(() if tls else (" session transport tcp tls",)), *(() if srtp else (" srtp",))]
        breaches.append(Breach(Severity.MEDIUM, (peer, lines[-1]), " ".join(peer.text.split()[:3]), tuple(fix)))
    return settle(breaches, len(breaches) + len(good), good, "no-trunk-outside")


def _leaves(line: Line) -> bool:
    match = TARGET.match(line.text)
    if match is None:
        return False
    if match["address"]:
        address = address_of(match["address"])
        return address is not None and is_public(address)
    return match["name"] is not None and "." in match["name"] and not match["name"].lower().endswith((".local", ".lan", ".internal"))


CHECK = ConfigurationRule(
    id="voice.secure.media",
    title=Text("SIP trunk in clear text over a network of others", "SIP-trunk i klartext över andras nät"),
    impact=Text(
        "Whoever sits on the path can listen to every call and read who calls whom.",
        "Den som sitter på vägen kan lyssna på varje samtal och läsa vem som ringer vem.",
    ),
    recommendation=Text("Agree TLS and SRTP with the provider.", "Kom överens om TLS och SRTP med leverantören."),
    severities=(Severity.MEDIUM,),
    effort_minutes=120,
    requirements=(Requirement(("ios", "ios-xe"), judge),),
    roles=ROUTERS,
    references=("VVoIP 6165", "VVoIP 6170"),
)
