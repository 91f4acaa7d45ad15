"""voice.phone.pc-port: more than two addresses stand behind a phone, at a port that does not tell them apart."""

import re
from collections import defaultdict

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import text_of
from natvakt_server.analysis.interfaces import label, short
from natvakt_server.analysis.phones import phone_ports
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

MOST_ADDRESSES = 2  # the phone and one computer
APART = (
    r"(?:authentication host-mode multi-(?:domain|auth)|access-session host-mode multi-(?:domain|auth)|switchport port-security maximum)"
)


def judge(device: Device, evidence: Evidence) -> Judgement:
    seen = device.once(phone_ports)
    if not seen:
        return not_applicable("no-phones")
    behind = defaultdict(set)
    for row in device.table("fdb").rows:
        behind[str(row.get("ifIndex"))].add(row.get("mac"))
    crowded = [(phone, found) for phone in seen if len(found := behind[str(phone.row.get("ifIndex"))]) > MOST_ADDRESSES]
    text = text_of(device)
    if crowded and text is None:
        return unknown(Reason.NO_CONFIG)
    failures = []
    for phone, found in crowded:
        name = label(phone.row)
        if not tells_apart(text or "", name):
            facts = (
                Fact(f"{name} addresses", len(found), "addresses", device.table("fdb").observed_ns),
                Fact(f"{name} phone", phone.name, None, device.table("neighbour").observed_ns),
            )
            commands = (f"interface {name}", " authentication host-mode multi-domain")
            failures.append(Failure(name, Severity.LOW, facts, commands))
    return decide(failures, len(seen))


def tells_apart(text: str, name: str) -> bool:
    """Whether the interface's own lines limit or tell apart who is behind it."""
    for match in re.finditer(r"^interface (\S+)[^\n]*\n((?: .*\n?)*)", text, re.MULTILINE):
        if short(match[1]) == short(name):
            return re.search(rf"^\s+{APART}", match[2], re.MULTILINE) is not None
    return False


RULE = Rule(
    id="voice.phone.pc-port",
    title=Text(
        "Something with many addresses hangs behind a phone",
        "Något med många adresser hänger bakom en telefon",
    ),
    impact=Text(
        "A switch or wireless router behind a desk phone lets anybody in, and its broadcasts disturb calls.",
        "En switch eller trådlös router bakom en bordstelefon släpper in vem som helst, och dess broadcast stör samtal.",
    ),
    recommendation=Text(
        "Find what is connected; then let the port tell phone and computer apart and admit one of each.",
        "Ta reda på vad som är anslutet; låt sedan porten skilja telefon och dator och släppa in en av varje.",
    ),
    severities=(Severity.LOW,),
    applies_to=switch,
    tables=("neighbour", "interface", "fdb"),
    beside=("port", "configuration"),
    judge=judge,
    effort_minutes=10,
    references=("VVoIP 5300",),
)
