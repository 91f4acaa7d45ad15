"""security.vpn.ike: keys of tunnels are agreed by IKEv2, with ciphers, hashes and groups that hold."""

import re
from collections.abc import Callable

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, PolicyValue, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.configuration.vpn import Policy, policies
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

GROUP = PolicyValue("dh_group", 14, 16)
_WEAK_GROUPS = frozenset((1, 2, 5, 22, 23, 24))
_NEW = ("crypto ikev2 policy 10", " encryption aes-256", " integrity sha384", " group 19", " prf sha384")
Fault = Callable[[Subject, Policy], bool]


def first_version(subject: Subject) -> Outcome:
    """IKEv1 is off: not enabled, no policy, no tunnel that uses it; of a text without tunnels, IKEv2 is enabled."""
    reading = subject.reading
    used = reading.find(r"crypto (?:ikev1|isakmp) (?:enable|policy) ?\S*") or reading.below(
        r"tunnel-group \S+ ipsec-attributes", r"ikev1 pre-shared"
    )
    new = reading.find(r"crypto ikev2 (?:enable \S|policy \d|proposal \S|profile \S)")
    fix = (
        (*_NEW, *(f"no {line.text}" for line in used if " policy" not in line.text))
        if subject.os == "asa"
        else ("crypto ikev2 profile <profile>",)
    )
    breaches = [Breach(Severity.HIGH, used, "IKEv1", fix)] if used else []
    asleep = subject.os == "asa" and not reading.find(r"crypto ikev2 enable \S")
    bound = bool(reading.find(r"crypto map \S+ interface ")) or not reading.interfaces
    if not used and new and asleep and bound:
        breaches.append(Breach(Severity.HIGH, new[:1], "IKEv2", ("crypto ikev2 enable <interface>",)))
    if not used and not new and reading.find(r"crypto map \S+ \d"):
        breaches.append(Breach(Severity.HIGH, reading.find(r"crypto map \S+ \d")[:1], "IKEv2", _NEW))
    return settle(breaches, len(used) + len(new) + len(breaches), new, "no-vpn")


def aggressive(subject: Subject) -> Outcome:
    """Aggressive mode shows who asks and a hash of the key; it is on by default wherever IKEv1 is."""
    reading = subject.reading
    used = reading.find(r"crypto (?:ikev1|isakmp) (?:enable \S|policy \d)")
    off = reading.find(r"crypto (?:ikev1 am-disable|isakmp am-disable|isakmp aggressive-mode disable)")
    command = "crypto ikev1 am-disable" if subject.os == "asa" else "crypto isakmp aggressive-mode disable"
    breaches = [Breach(Severity.HIGH, used[:1], "aggressive mode", (command,))] if used and not off else []
    return settle(breaches, len(used), off, "no-ikev1")


def _each(name: str, fault: Fault, value: str) -> Callable[[Subject], Outcome]:
    def judge(subject: Subject) -> Outcome:
        found = policies(subject.reading)
        breaches = [Breach(Severity.HIGH, each.shown(name), each.head.text, _fix(each, value)) for each in found if fault(subject, each)]
        if not found and _started(subject.reading):
            breaches = [Breach(Severity.HIGH, _started(subject.reading)[:1], "crypto ikev2 policy", _NEW)]
        return settle(breaches, max(len(found), len(breaches)), [line for each in found for line in each.shown(name)], "no-vpn")

    return judge


def _started(reading: Reading) -> list[Line]:
    return reading.find(r"crypto ikev[12] enable \S")


def _fix(each: Policy, value: str) -> tuple[str, ...]:
    return (each.head.text, f" {value}") if each.version == 2 else _NEW


def weak_cipher(subject: Subject, each: Policy) -> bool:
    return any(re.search(r"des|null", word) for word in each.encryption)


def short_key(subject: Subject, each: Policy) -> bool:
    """AES with 256 bits in the strict profile, AES at all otherwise."""
    return weak_cipher(subject, each) or (subject.strict and not all("256" in word for word in each.encryption))


def weak_hash(subject: Subject, each: Policy) -> bool:
    """SHA-2; of 384 bits at least in the strict profile."""
    short = subject.strict and not all(re.search(r"384|512|null", word) for word in each.integrity)
    return short or any(re.fullmatch(r"(?:md5|sha|sha-?1)", word) for word in each.integrity)


def weak_group(subject: Subject, each: Policy) -> bool:
    least = int(subject.limit(GROUP))
    return any(group in _WEAK_GROUPS or group < least for group in each.groups)


SYSTEMS = ("ios", "ios-xe")
CHECK = ConfigurationRule(
    id="security.vpn.ike",
    title=Text("Tunnels agree on keys the old way", "Tunnlar kommer överens om nycklar på gammalt sätt"),
    impact=Text(
        "Recorded traffic can be opened later, and the key of a tunnel guessed from one exchange.",
        "Inspelad trafik kan öppnas senare, och en tunnels nyckel gissas från ett enda utbyte.",
    ),
    recommendation=Text(
        "Move both ends to IKEv2 with AES-256, SHA-384 and an elliptic group; turn IKEv1 off.",
        "Flytta båda ändar till IKEv2 med AES-256, SHA-384 och en elliptisk grupp; stäng av IKEv1.",
    ),
    severities=(Severity.HIGH,),
    effort_minutes=60,
    requirements=(
        Requirement(("asa",), first_version, ("CASA-VN-000160",)),
        Requirement(("asa", *SYSTEMS), aggressive),
        Requirement(("asa",), _each("encryption", weak_cipher, "encryption aes-256"), ("CASA-VN-000170",)),
        Requirement(("asa",), _each("group", weak_group, "group 19"), ("CASA-VN-000210",)),
        Requirement(("asa",), _each("integrity", weak_hash, "integrity sha384"), ("CASA-VN-000230",)),
        Requirement(("asa",), _each("encryption", short_key, "encryption aes-256"), ("CASA-VN-000640",)),
        Requirement(SYSTEMS, first_version),
        Requirement(SYSTEMS, _each("encryption", weak_cipher, "encryption aes-cbc-256")),
        Requirement(SYSTEMS, _each("integrity", weak_hash, "integrity sha384")),
        Requirement(SYSTEMS, _each("group", weak_group, "group 19")),
    ),
    references=("RFC 8247", "NIST SP 800-77"),
    change=Change.INTERRUPTION,
    thresholds=(GROUP,),
)
