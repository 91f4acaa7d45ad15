"""security.vpn.ipsec: what tunnels carry is encrypted and checked by what holds, with new keys in time."""

import re
from collections.abc import Callable

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, PolicyValue, Requirement, Subject, settle
from natvakt_server.analysis.configuration.vpn import Proposal, proposals
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

SECONDS = PolicyValue("ipsec_lifetime_seconds", 28800)


def _each(fault: Callable[[Subject, Proposal], bool]) -> Callable[[Subject], Outcome]:
    def judge(subject: Subject) -> Outcome:
        found = proposals(subject.reading)
        breaches = [
            Breach(Severity.MEDIUM, each.lines, " ".join(each.head.text.split()[:5]), _fix(each)) for each in found if fault(subject, each)
        ]
        return settle(breaches, len(found), [line for each in found for line in each.lines], "no-vpn")

    return judge


def _fix(each: Proposal) -> tuple[str, ...]:
    words = each.head.text.split()
    if "ipsec-proposal" in words:
        return (each.head.text, " protocol esp encryption aes-gcm-256", " protocol esp integrity null")
    place = words.index("transform-set")
    return (f"{' '.join(words[: place + 2])} esp-gcm 256",)


def weak_cipher(subject: Subject, each: Proposal) -> bool:
    return not each.encryption or any(re.search(r"des|null|seal", word) for word in each.encryption)


def short_key(subject: Subject, each: Proposal) -> bool:
    return weak_cipher(subject, each) or (subject.strict and not all("256" in word for word in each.encryption))


def weak_hash(subject: Subject, each: Proposal) -> bool:
    """MD5 always; SHA-1 in the strict profile. Ciphers that check what they carry need no hash."""
    if any("gcm" in word or "gmac" in word for word in each.encryption):
        return False
    weak = r"md5|(?:^|-)sha(?:-?1)?(?:-hmac)?$" if subject.strict else r"md5"
    return not each.integrity or any(re.search(weak, word) for word in each.integrity)


def forward_secrecy(subject: Subject) -> Outcome:
    """Each entry of a crypto map that leads to a peer, and each IPsec profile, sets PFS."""
    reading = subject.reading
    entries: dict[str, list[str]] = {}
    first: dict[str, Line] = {}
    for line in reading.find(r"crypto (?:map|dynamic-map) \S+ \d+ \S"):
        words = line.text.split()
        key = " ".join(words[1:4])
        first.setdefault(key, line)
        entries.setdefault(key, []).append(" ".join(words[4:]))
    breaches, good = [], []
    for key, settings in entries.items():
        inner = [line.text for line in reading.find(r"set \S", first[key])]
        if any(text.startswith("ipsec-isakmp dynamic") for text in settings):
            continue
        secure = [text for text in (*settings, *inner) if text.startswith("set pfs")]
        weak = [text for text in secure if re.search(r"group(?:1|2|5)$", text)]
        if not secure or weak:
            fix = (f"crypto {key} set pfs group19",) if subject.os == "asa" else (f"crypto {key} ipsec-isakmp", " set pfs group19")
            breaches.append(Breach(Severity.MEDIUM, (first[key],), key, fix))
        good.append(first[key])
    profiles = reading.find(r"crypto ipsec profile \S")
    for head in profiles:
        if not reading.find(r"set pfs ", head):
            breaches.append(Breach(Severity.MEDIUM, (head,), head.text, (head.text, " set pfs group19")))
    return settle(breaches, len(good) + len(profiles), [*good, *profiles], "no-vpn")


def lifetime(subject: Subject) -> Outcome:
    """At most eight hours, which is the default of ASA; IOS renews each hour by default."""
    reading = subject.reading
    most = int(subject.limit(SECONDS))
    lines = [
        *reading.find(r"crypto ipsec security-association lifetime seconds "),
        *reading.find(r"crypto (?:map|dynamic-map) \S+ \d+ set security-association lifetime seconds "),
        *reading.below(r"crypto (?:map|dynamic-map|ipsec profile) \S", r"set security-association lifetime seconds "),
    ]
    long = [line for line in lines if not _within(line.text, most)]
    breaches = [Breach(Severity.MEDIUM, (line,), "lifetime", (re.sub(r"seconds \S+", f"seconds {most}", line.text),)) for line in long]
    used = bool(lines or proposals(reading) or reading.find(r"crypto map \S+ \d"))
    return settle(breaches, 1 if used else 0, lines, "no-vpn")


def _within(text: str, most: int) -> bool:
    found = re.search(r"seconds (\d+)", text)
    return found is not None and int(found[1]) <= most


IOS = ("ios", "ios-xe")
CHECK = ConfigurationRule(
    id="security.vpn.ipsec",
    title=Text("Tunnels encrypt weakly", "Tunnlar krypterar svagt"),
    impact=Text(
        "What the tunnel carries can be read or changed, and one key opens all that went before.",
        "Det tunneln bär kan läsas eller ändras, och en nyckel öppnar allt som gått tidigare.",
    ),
    recommendation=Text("Use AES-GCM with 256 bits and PFS, at both ends.", "Använd AES-GCM med 256 bitar och PFS, i båda ändar."),
    severities=(Severity.MEDIUM,),
    effort_minutes=30,
    requirements=(
        Requirement(("asa",), forward_secrecy, ("CASA-VN-000180",)),
        Requirement(("asa",), _each(weak_cipher), ("CASA-VN-000200",)),
        Requirement(("asa",), _each(weak_hash), ("CASA-VN-000240",)),
        Requirement(("asa",), lifetime, ("CASA-VN-000350",)),
        Requirement(("asa",), _each(short_key), ("CASA-VN-000650",)),
        Requirement(IOS, forward_secrecy),
        Requirement(IOS, _each(weak_cipher)),
        Requirement(IOS, _each(weak_hash)),
        Requirement(IOS, lifetime),
    ),
    references=("RFC 8221",),
    change=Change.INTERRUPTION,
    thresholds=(SECONDS,),
)
