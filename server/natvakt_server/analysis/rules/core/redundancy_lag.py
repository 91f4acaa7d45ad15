"""core.redundancy.lag: a member of a bundle carries nothing or has another speed; a vPC pair has lost what keeps it together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import by_index, is_enabled, is_up, label, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

BUNDLES = r"channel-group|bundle id|interface port-channel"
ALIVE, UP, FAILED, DUAL_ACTIVE, NO_ROLE = 2, 3, 2, 1, 5  # CISCO-VPC-MIB
KEEPALIVE = {
    1: "disabled", 2: "alive", 3: "peer unreachable", 4: "alive, domain id differs", 5: "suspended (ISSU)", 6: "suspended, destination",
    7: "suspended, VRF", 8: "misconfigured",
}  # fmt: skip


def judge(device: Device, evidence: Evidence) -> Judgement:
    lag, vpc = device.table("lag"), device.table("vpc")
    if lag.missing is not None and vpc.missing is not None:
        absent = missing(device, "lag", BUNDLES)
        if absent is not None:
            return absent
    return decide([*_members(device), *_pair(device)], len(lag.rows) + len(vpc.rows))


def _members(device: Device) -> Iterable[Failure]:
    interfaces, at_ns = by_index(device), device.table("lag").observed_ns
    bundles: dict[str, list[tuple[Row, Row]]] = defaultdict(list)
    rows: Sequence[Row] = device.table("lag").rows
    for row in rows:
        port = interfaces.get(str(row.get("ifIndex")))
        if port is not None and is_enabled(port):
            bundles[str(row.get("aggregator"))].append((row, port))
    for aggregator, members in sorted(bundles.items()):
        bundle = interfaces.get(aggregator)
        name = label(bundle) if bundle is not None else f"bundle {aggregator}"
        speeds = [speed for _, port in members if is_up(port) and (speed := number(port, "ifHighSpeed"))]
        for row, port in members:
            speed = number(port, "ifHighSpeed")
            if number(row, "bundled") == 0 or not is_up(port):
                word = "not in the bundle" if is_up(port) else "down"
                facts = [Fact(f"{label(port)} in {name}", word, None, at_ns)]
                facts += [Fact(f"{label(port)} partner", str(row["partner_name"]), None, at_ns)] if row.get("partner_name") else []
                yield Failure(label(port), Severity.MEDIUM, tuple(facts), (f"show interfaces {label(port)}", "show etherchannel summary"))
            elif speed and speed < max(speeds):
                facts = [
                    Fact(f"{label(port)} speed", round(speed), "Mbit/s", at_ns),
                    Fact(f"{name} fastest member", round(max(speeds)), "Mbit/s", at_ns),
                ]
                yield Failure(label(port), Severity.MEDIUM, tuple(facts), (f"interface {label(port)}", " speed auto"))


def _pair(device: Device) -> Iterable[Failure]:
    at_ns = device.table("vpc").observed_ns
    for row in device.table("vpc").rows:
        name = f"vPC domain {row.get('domain')}" if not number(row, "vpc") else f"vPC {row.get('vpc')}"
        keepalive, link = number(row, "keepalive"), number(row, "link")
        facts = []
        if keepalive is not None and keepalive != ALIVE:
            facts.append(Fact("peer keepalive", KEEPALIVE.get(int(keepalive), "unknown"), None, at_ns))
        if number(row, "dual_active") == DUAL_ACTIVE or number(row, "role") == NO_ROLE:
            facts.append(Fact("peer link", "lost", None, at_ns))
        if number(row, "consistency") == FAILED:
            facts.append(Fact("consistency", str(row.get("consistency_detail") or "failed"), None, at_ns))
        if link is not None and link != UP:
            facts.append(Fact(name, "down", None, at_ns))
        if facts:
            commands = ("show vpc", "show vpc consistency-parameters global", "show vpc peer-keepalive")
            yield Failure(name, Severity.HIGH if len(facts) > 1 or link in (None, UP) else Severity.MEDIUM, tuple(facts), commands)


RULE = Rule(
    id="core.redundancy.lag",
    title=Text("Link bundle is not whole", "Länkbunten är inte hel"),
    impact=Text(
        "The bundle has less capacity than it seems to, and one more fault takes the whole link down.",
        "Bunten har mindre kapacitet än den ser ut att ha, och ett fel till tar ner hela länken.",
    ),
    recommendation=Text(
        "Mend the member named at both ends: cable, speed, LACP mode; for vPC the keepalive and the settings that differ.",
        "Åtgärda den nämnda medlemmen i båda ändar: kabel, hastighet, LACP-läge; för vPC keepalive och de inställningar som skiljer.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=network_device,
    tables=(),
    beside=("lag", "vpc", "interface", "configuration"),
    judge=judge,
    effort_minutes=30,
    change=Change.INTERRUPTION,
    references=("802.1AX", "CISCO-VPC-MIB"),
)
