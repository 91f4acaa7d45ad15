"""The report model: what a report holds, in which state each finding is, and what the work is."""

import json

import msgspec
import pytest
from natvakt_server.analysis.engine import judge_all
from natvakt_server.analysis.evidence import Reason, Table
from natvakt_server.analysis.rules import RULES
from natvakt_server.domain.registry import Role
from natvakt_server.reports.commands import comment, listing
from natvakt_server.reports.model import canonical, iso, read
from testkit.report import DAY_NS, assessed, case, device, evidence, finding, frame, signer, told, whole_report, whole_site
from testkit.scenario import AS_OF_NS


def poe_switch(used, name="hq-acc1", missing=None):
    rows = ({"group": "1", "budget_watts": 740, "consumption_watts": used},)
    table = Table("poe", missing=missing) if missing else Table("poe", rows, AS_OF_NS)
    return device(name, tables={"poe": table})


def states(document):
    return {f.rule: f.state for f in document.findings}


def gone(document):
    return [(f.rule, f.state, f.proof) for f in document.since_last]


FULL, CALM = evidence(poe_switch(700)), evidence(poe_switch(100))
UNSEEN = evidence(poe_switch(0, missing=Reason.UNREACHABLE))


def test_the_json_has_the_shape_people_script_against():
    whole = json.loads(canonical(whole_report()))
    assert whole["schema"] == "natvakt.report/1"
    assert {"tenant", "sites", "made_at", "knowledge", "scores", "coverage", "findings", "verdicts", "actions", "signature"} <= whole.keys()
    assert whole["scores"].keys() == whole["coverage"].keys() == {"core", "security", "voice", "overall"}
    members = {
        "id", "rule", "verdict", "severity", "state", "device", "address", "object", "line", "title", "evidence", "remediation",
        "effort_minutes", "references",
    }  # fmt: skip
    assert all(members <= f.keys() for f in whole["findings"])
    assert all({"what", "value", "unit", "at"} <= fact.keys() for f in whole["findings"] for fact in f["evidence"])
    assert all({"rule", "device", "verdict", "reason"} <= v.keys() for v in whole["verdicts"])


def test_a_report_reads_back_as_it_was_written():
    document = whole_report()
    assert read(canonical(document)) == document


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a report"),
        (b"{}", "id"),
        (b'{"schema": "natvakt.report/9"}', "not a report"),
        (b"[1]", "object"),
        (b"\xff\xfe", "not a report"),
    ],
)
def test_what_is_no_report_is_refused_with_the_place(data, says):
    with pytest.raises(ValueError, match=says):
        read(data)


def test_a_report_of_another_schema_names_both():
    other = msgspec.json.encode(msgspec.structs.replace(assessed(FULL), schema="natvakt.report/2"))
    with pytest.raises(ValueError, match=r"natvakt.report/2.*natvakt.report/1"):
        read(other)


def test_every_finding_tells_where_when_how_much_and_what_to_do():
    for found in whole_report().findings:
        assert found.device
        assert found.address
        assert found.evidence
        assert found.effort_minutes > 0
        for words in (found.title, found.impact, found.recommendation):
            assert words["sv"]
            assert words["en"]


def test_the_same_evidence_gives_the_same_bytes():
    assert canonical(assessed(whole_site())) == canonical(assessed(whole_site()))


def test_the_first_time_everything_is_new():
    document = assessed(FULL)
    assert states(document) == {"core.capacity.poe": "new"}
    assert document.previous is None
    assert document.since_last == ()


def test_what_stays_is_open():
    assert states(assessed(FULL, assessed(FULL)))["core.capacity.poe"] == "open"


def test_what_passes_on_new_evidence_is_fixed_with_proof_and_time():
    document = assessed(CALM, assessed(FULL))
    assert gone(document) == [("core.capacity.poe", "fixed", "pass")]
    assert document.since_last[0].proved_at == document.made_at
    assert document.counts["state"]["fixed"] == 1


def test_a_fail_that_turned_unknown_is_not_verified_never_fixed():
    document = assessed(UNSEEN, assessed(FULL))
    assert gone(document) == [("core.capacity.poe", "not-verified", "unreachable")]
    assert document.counts["state"]["fixed"] == 0


def test_what_was_not_verified_is_asked_about_again():
    unseen = assessed(UNSEEN, assessed(FULL))
    assert gone(assessed(UNSEEN, unseen)) == [("core.capacity.poe", "not-verified", "unreachable")]
    assert gone(assessed(CALM, unseen)) == [("core.capacity.poe", "fixed", "pass")]
    assert states(assessed(FULL, unseen))["core.capacity.poe"] == "open"


def test_what_was_fixed_and_fails_again_came_back_however_long_ago_that_was():
    fixed = assessed(CALM, assessed(FULL))
    assert states(assessed(FULL, fixed))["core.capacity.poe"] == "regressed"
    calm_for_long = assessed(CALM, assessed(CALM, fixed))
    assert gone(calm_for_long) == []
    back = assessed(FULL, calm_for_long)
    assert states(back)["core.capacity.poe"] == "regressed"
    assert back.fixed_earlier == ()


def test_a_device_that_is_gone_is_told_once():
    other = evidence(poe_switch(100, "hq-acc9"))
    once = assessed(other, assessed(FULL))
    assert gone(once) == [("core.capacity.poe", "not-verified", "device-gone")]
    assert gone(assessed(other, once)) == []


def switches(*duplexes, seen=2):
    """hq-core with two ports, one to each of two access switches; `duplexes` are those of its own ports, 2 half, 3 full."""
    ports = tuple({"ifIndex": n, "dot3StatsDuplexStatus": d} for n, d in enumerate(duplexes, 1))
    interfaces = tuple({"ifIndex": n, "ifName": f"Gi1/0/{n}", "ifOperStatus": 1, "ifAdminStatus": 1, "ifHighSpeed": 1000} for n in (1, 2))
    neighbours = tuple(
        {
            "protocol": "cdp",
            "local_ifIndex": n,
            "index": 1,
            "remote_name": f"hq-acc{n}",
            "remote_port": "Gi1/0/1",
            "local_port": f"Gi1/0/{n}",
        }
        for n in range(1, seen + 1)
    )
    core = device(
        "hq-core",
        role=Role.CORE,
        tables={
            name: Table(name, rows, AS_OF_NS) for name, rows in (("interface", interfaces), ("port", ports), ("neighbour", neighbours))
        },
    )
    full = {
        "interface": Table("interface", interfaces[:1], AS_OF_NS),
        "port": Table("port", ({"ifIndex": 1, "dot3StatsDuplexStatus": 3},), AS_OF_NS),
    }
    return evidence(core, *(device(f"hq-acc{n}", tables=full) for n in (1, 2)))


def duplex_findings(document):
    return [f.object for f in document.findings if f.rule == "core.link.duplex"], [
        (f.object, f.state) for f in document.since_last if f.rule == "core.link.duplex"
    ]


def test_a_link_that_was_mended_is_fixed_though_another_still_fails():
    both = assessed(switches(2, 2))
    assert duplex_findings(both) == (["Gi1/0/1", "Gi1/0/2"], [])
    one_left = assessed(switches(2, 3), both)
    assert duplex_findings(one_left) == (["Gi1/0/1"], [("Gi1/0/2", "fixed")])


def test_a_link_that_is_no_longer_seen_while_another_fails_is_not_called_fixed():
    one_seen = switches(2, 2)
    core = one_seen.devices[0]
    blind = {**core.tables, "port": Table("port", ({"ifIndex": 1, "dot3StatsDuplexStatus": 2},), AS_OF_NS)}
    fewer = msgspec.structs.replace(one_seen, devices=(msgspec.structs.replace(core, tables=blind), *one_seen.devices[1:]))
    assert duplex_findings(assessed(fewer, assessed(one_seen))) == (["Gi1/0/1"], [("Gi1/0/2", "not-verified")])


def test_a_change_of_score_counts_only_what_was_decided_both_times():
    changed = assessed(UNSEEN, assessed(FULL)).previous.change["core"]
    assert changed is None or changed == 0.0
    assert assessed(CALM, assessed(FULL)).previous.change["core"] > 0
    assert assessed(FULL, assessed(CALM)).previous.change["core"] < 0


def test_actions_close_every_finding_once_and_the_most_risk_per_hour_comes_first():
    document = whole_report()
    closed = [i for a in document.actions for i in a.findings]
    assert sorted(closed) == sorted(f.id for f in document.findings)
    drawn_forward = {i for a in document.actions for i in a.after}
    per_hour = [a.risk_per_hour for a in document.actions if a.id not in drawn_forward]
    assert per_hour == sorted(per_hour, reverse=True)
    first = [a.risk_per_hour for i in document.first for a in document.actions if a.id == i]
    assert first == sorted((a.risk_per_hour for a in document.actions), reverse=True)[:5]


def test_each_action_says_what_it_asks_of_the_network():
    changes = {rule.id: rule.change.value for rule in RULES}
    alone = [a for a in whole_report().actions if len(a.rules) == 1]
    assert {a.rule: a.change for a in alone}.items() <= changes.items()
    assert changes["core.memory.leak"] == "restart"
    assert changes["core.link.duplex"] == "interruption"
    assert changes["core.env.fan"] == "on-site"
    assert changes["security.snmp.default"] == "live"


def test_the_cost_is_hours_alone_while_no_prices_are_known():
    document = whole_report()
    assert document.cost.minutes == sum(a.effort_minutes for a in document.actions)
    assert document.cost.first_minutes == sum(a.effort_minutes for a in document.actions if a.id in document.first)
    assert (document.cost.hardware, document.cost.units) == (None, None)


def test_devices_with_the_same_commands_share_them():
    switches = [device(f"sw{n}", address=f"192.0.2.{n}") for n in range(3)]
    same = [finding("core.link.duplex", d) for d in switches]
    assert listing(same) == ("! sw0 192.0.2.0, sw1 192.0.2.1, sw2 192.0.2.2", "interface Gi1/0/48", " duplex auto", " speed auto")
    other = finding("core.link.duplex", switches[0], remediation=("interface Gi9", " duplex auto"))
    assert listing([*same, other])[-3:] == ("! sw0 192.0.2.0", "interface Gi9", " duplex auto")
    assert told(evidence(*switches), same).actions[0].uniform


def test_a_comment_of_many_devices_goes_on_in_the_next_line():
    lines = comment([f"hq-acc{n:03} 10.1.0.{n}" for n in range(40)])
    assert all(line.startswith("! ") and len(line) <= 50 for line in lines)
    assert " ".join(lines).count("hq-acc") == 40


def test_a_level_that_does_not_apply_is_told_from_one_that_could_not_be_judged():
    battery = assessed(evidence(device("hq-ups", role=Role.UPS, os=None)))
    assert not battery.levels["voice"].applies
    probe = device("br-rtr", role=Role.WAN_EDGE, tables={"ipsla": Table("ipsla", missing=Reason.UNREACHABLE)})
    unjudged = assessed(evidence(probe)).levels["voice"]
    assert (unjudged.applies, unjudged.decided, unjudged.score) == (True, False, None)


def test_a_device_of_which_nothing_could_be_judged_is_named_with_the_commonest_reason():
    names = {name for rule in RULES for name in rule.tables}
    silent = device("hq-acc9", tables={name: Table(name, missing=Reason.UNREACHABLE) for name in names})
    document = assessed(evidence(poe_switch(100), silent))
    assert [(n.device, n.reason) for n in document.not_observed] == [("hq-acc9", "unreachable")]


def test_modules_of_one_model_stand_together_with_their_serials():
    rows = (
        {"index": 1, "class": "chassis", "model": "C9300-24T", "serial": "FNV1"},
        {"index": 2, "class": "powerSupply", "model": "PWR-C1-350WAC-P", "serial": "FNV3"},
        {"index": 3, "class": "powerSupply", "model": "PWR-C1-350WAC-P", "serial": "FNV2"},
        {"index": 4, "class": "port", "model": "x"},
    )
    where = device(model="C9300-24T", tables={"component": Table("component", rows, AS_OF_NS)})
    (module,) = assessed(evidence(where)).inventory[0].modules
    assert (module.model, module.count, module.serials) == ("PWR-C1-350WAC-P", 2, ("FNV2", "FNV3"))


def test_the_frame_says_which_cycle_this_is():
    planned = assessed(FULL, schedule="quarterly", planned_cycle=3, planned_ns=AS_OF_NS - DAY_NS)
    assert (planned.planned_cycle, planned.cycles, planned.planned_at) == (3, 4, iso(AS_OF_NS - DAY_NS))
    assert assessed(FULL).cycles is None


def test_verdicts_carry_what_a_later_comparison_needs():
    (row,) = [v for v in assessed(FULL).verdicts if v.rule == "core.capacity.poe"]
    assert (row.verdict, row.severity, row.failing, row.judged, row.device_id) == ("fail", "medium", 1, 1, "id-hq-acc1")
    judged = judge_all(RULES, FULL)
    assert len(assessed(FULL).verdicts) == len(judged)


def test_the_frame_is_told_by_whose_key_the_report_is_signed():
    assert assessed(FULL).public_key == signer().public_key.hex()
    assert frame().inputs_digest == assessed(FULL).inputs_digest


def test_a_scenario_can_be_told_as_a_report():
    planned = case("core.link.duplex", "half here, full there, late collisions")
    assert [f.object for f in assessed(planned).findings if f.rule == "core.link.duplex"] == ["Gi1/0/48"]
