"""core.optic.mixed: the optics at the two ends of a fibre are not a pair, or one is not supported."""

import re

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import Link, label, links, short
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Scope, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

REACH = re.compile(r"(?<![A-Z])(ZR4?|ER4?|EX|LRM|LR4?|LX|LH|SR4?|SX|BX-?[UD]|BX|CSR4|PSM4|CWDM4|FR|DR)(?![A-Z])")
SAME = {"LH": "LX", "SR4": "SR4", "CSR4": "SR4"}
PAIRS = {"BX-U": "BX-D", "BX-D": "BX-U"}
UNSUPPORTED = re.compile(r"unsupported|unknown|invalid", re.IGNORECASE)


def judge(device: Device, evidence: Evidence) -> Judgement:
    failures, judged = [], 0
    for link in links(device, evidence):
        near, far = transceiver(device, link.near_row), transceiver(link.far, link.far_row) if link.far_row is not None else None
        if near is None or far is None:
            continue
        here, there = reach(near), reach(far)
        if here is None or there is None:
            continue
        judged += 1
        if there != PAIRS.get(here, here):
            failures.append(_failure(device, link, near, far))
    for row in device.table("transceiver").rows:
        if UNSUPPORTED.search(str(row.get("descr") or "")) and row.get("name"):
            judged += 1
            facts = (
                Fact(
                    str(row["name"]), f"{row.get('descr')} {row.get('model') or ''}".strip(), None, device.table("transceiver").observed_ns
                ),
            )
            failures.append(Failure(str(row["name"]), Severity.LOW, facts, ("show inventory",)))
    return decide(failures, judged)


def transceiver(device: Device, port: Row) -> Row | None:
    """The optic that sits in that port: it is called by the port, with or without words behind."""
    wanted = short(label(port))
    for row in device.table("transceiver").rows:
        name = str(row.get("name") or "")
        if name and short(name.split(maxsplit=1)[0]) == wanted:
            return row
    return None


def reach(row: Row) -> str | None:
    """What decides whether two optics understand each other: `SR`, `LR`, `LX`, `BX-U`; None for copper and what says nothing."""
    found = REACH.search(f"{row.get('model') or ''} {row.get('descr') or ''}".upper())
    if found is None:
        return None
    word = found[1].replace("BXU", "BX-U").replace("BXD", "BX-D")
    return SAME.get(word, word)


def _failure(device: Device, link: Link, near: Row, far: Row) -> Failure:
    here, there = label(link.near_row), label(link.far_row) if link.far_row is not None else ""
    facts = (
        Fact(
            f"{device.name} {device.address} {here}",
            str(near.get("model") or near.get("descr")),
            None,
            device.table("transceiver").observed_ns,
        ),
        Fact(
            f"{link.far.name} {link.far.address} {there}",
            str(far.get("model") or far.get("descr")),
            None,
            link.far.table("transceiver").observed_ns,
        ),
    )
    return Failure(
        here, Severity.LOW, facts, (f"show interfaces {here} transceiver",), link.far.id, there, mends_here=device.id < link.far.id
    )


RULE = Rule(
    id="core.optic.mixed",
    title=Text("Optics at the two ends are no pair", "Optiken i de två ändarna är inget par"),
    impact=Text(
        "The link works by luck: at another temperature or after cleaning it does not, and nobody knows why.",
        "Länken fungerar av tur: vid en annan temperatur eller efter rengöring gör den det inte, och ingen vet varför.",
    ),
    recommendation=Text(
        "Fit the same supported type at both ends, for the fibre that is there.",
        "Sätt samma typ med stöd i båda ändar, för den fiber som finns.",
    ),
    severities=(Severity.LOW,),
    applies_to=network_device,
    tables=("transceiver", "interface", "neighbour"),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
    references=("ENTITY-MIB",),
    scope=Scope.LINK,
)
