"""core.config.drift: a device lacks settings that all its siblings have: the other switches of its kind."""

import re
from collections import Counter
from collections.abc import Mapping

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import text_of
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

LEAST_SIBLINGS = 2
SHOWN_LINES = 8
SHARED = re.compile(
    r"(?:no )?(?:aaa |service |logging |ntp |snmp-server (?:group|view|host|enable)|ip (?:ssh|http|domain|name-server)|"
    r"ip (?:dhcp snooping|arp inspection)|"
    r"spanning-tree |errdisable |udld |lldp |vtp mode|login |archive|clock |tacacs|radius|crypto key|feature |errdisable recovery)",
    re.IGNORECASE,
)
VARIABLE = re.compile(r"\b(?:\d[\d.:/,-]*|[0-9A-Fa-f]{8,}|\S*[$]\S+)")


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Siblings share role and system. What all of them say, apart from numbers, addresses and secrets, this one should say too."""
    if text_of(device) is None:
        return unknown(Reason.NO_CONFIG)
    everyone = evidence.once(shared_lines)
    siblings = [
        everyone[other.id]
        for other in evidence.devices
        if other.id != device.id and other.id in everyone and (other.role, other.os) == (device.role, device.os)
    ]
    if len(siblings) < LEAST_SIBLINGS:
        return not_applicable("no-siblings")
    counts = Counter(line for lines in siblings for line in lines)
    own = everyone[device.id]
    lacking = [siblings[0][line] for line, times in counts.items() if times == len(siblings) and line not in own]
    if not lacking:
        return decide([], 1)
    at_ns = device.table("configuration").observed_ns
    facts = [
        Fact("siblings compared", len(siblings), "devices", None),
        *(Fact("lacking", line, None, at_ns) for line in lacking[:SHOWN_LINES]),
    ]
    if len(lacking) > SHOWN_LINES:
        facts.append(Fact("lacking further", len(lacking) - SHOWN_LINES, "lines", at_ns))
    return decide([Failure(None, Severity.MEDIUM, tuple(facts), tuple(lacking))], 1)


def shared_lines(evidence: Evidence) -> Mapping[str, Mapping[str, str]]:
    """By device: lines every sibling ought to have, without what varies -> as written."""
    found: dict[str, Mapping[str, str]] = {}
    for device in evidence.devices:
        text = text_of(device)
        if text is not None and network_device(device):
            found[device.id] = {VARIABLE.sub("*", line.rstrip()): line.rstrip() for line in text.splitlines() if SHARED.match(line)}
    return found


RULE = Rule(
    id="core.config.drift",
    title=Text("Configuration differs from its siblings", "Konfigurationen avviker från syskonen"),
    impact=Text(
        "What was decided for all was not done here; the fault shows on the one device nobody expects it on.",
        "Det som beslutats för alla gjordes inte här; felet visar sig på den enda enhet där ingen väntar det.",
    ),
    recommendation=Text(
        "Bring the lines named in, or write down why this device is to differ.",
        "Lägg in raderna, eller skriv ner varför enheten ska avvika.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=network_device,
    tables=(),
    beside=("configuration",),
    judge=judge,
    effort_minutes=30,
)
