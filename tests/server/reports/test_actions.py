"""The action plan: what is done together, in which order, at what risk, and how it is taken back."""

from datetime import date

import msgspec
import pytest
from natvakt_server.analysis.evidence import Contract
from natvakt_server.analysis.rules import RULES
from natvakt_server.domain.registry import Role
from natvakt_server.reports.actions import actions, contracts_by_serial, first_actions, under_contract
from natvakt_server.reports.model import Fact, ReportFinding
from natvakt_server.reports.outlook_model import ModelLife, Outlook, Upgrade
from natvakt_server.reports.rollback import blocks, undone
from testkit.report import device, evidence

EMPTY = {"en": "", "sv": ""}


def found(rule, where, severity="high", minutes=10, commands=(), facts=(), state="new"):
    return ReportFinding(
        id=f"{rule}-{where.id}",
        rule=rule,
        level=rule.split(".")[0],
        verdict="fail",
        severity=severity,
        state=state,
        device=where.name,
        device_id=where.id,
        address=where.address,
        site=where.site,
        object=None,
        line=None,
        title={"en": rule, "sv": rule},
        impact=EMPTY,
        recommendation=EMPTY,
        evidence=tuple(Fact(what, value) for what, value in facts),
        remediation=tuple(commands),
        effort_minutes=minutes,
        references=(),
    )


def plan(findings, *devices, outlook=None, contracts=None):
    what = msgspec.structs.replace(evidence(*devices), contracts=contracts)
    return actions(findings, what, RULES, outlook)


SWITCH, OTHER = device("hq-acc1"), device("hq-acc2", serial="FNV2")
CORE = device("hq-core", role=Role.CORE, model="C9300-24T")
ADVISORIES = [
    found("security.vuln.kev", SWITCH, "critical", 90),
    found("security.vuln.affected", SWITCH, "high", 90),
    found("core.software.recommended", SWITCH, "medium", 90),
    found("core.device.uptime", SWITCH, "low", 60),
    found("security.vuln.affected", OTHER, "high", 90),
]


def test_one_upgrade_of_a_model_closes_everything_that_waits_for_other_software():
    (action,) = plan(ADVISORIES, SWITCH, OTHER)
    assert sorted(action.findings) == sorted(f.id for f in ADVISORIES)
    assert action.effort_minutes == 180, "one upgrade a device, not one a finding"
    assert (action.change, action.undo, action.rule) == ("restart", "image", "security.vuln.kev")
    assert action.title == {"en": "Upgrade the software of C9200L-48P-4X", "sv": "Uppgradera programvaran i C9200L-48P-4X"}
    assert [(row.name, row.findings, row.effort_minutes) for row in action.table] == [("hq-acc1", 4, 90), ("hq-acc2", 1, 90)]


def test_the_target_stands_in_the_title_where_the_knowledge_base_names_one():
    step = Upgrade("C9200L-48P-4X", "ios-xe", "17.12.4", ("hq-acc1",), 9, 0)
    (action,) = plan(ADVISORIES, SWITCH, OTHER, outlook=Outlook(upgrades=(step,)))
    assert action.title["en"].endswith("to 17.12.4")
    old = found("core.lifecycle.hardware", SWITCH)
    life = ModelLife("C9200L-48P-4X", 1, {}, "C9300L-48P-4X")
    (replacement,) = plan([old], SWITCH, outlook=Outlook(models=(life,)))
    assert replacement.title["sv"] == "Byt ut C9200L-48P-4X mot C9300L-48P-4X"
    assert (replacement.change, replacement.undo) == ("on-site", "part")


def test_a_long_uptime_is_work_of_its_own_where_no_upgrade_comes():
    (action,) = plan([found("core.device.uptime", OTHER)], OTHER)
    assert action.rule == "core.device.uptime"
    assert "Upgrade" not in action.title["en"]


def test_the_same_commands_on_forty_switches_are_one_action_with_a_table():
    many = [device(f"sw{n:02}") for n in range(40)]
    (action,) = plan([found("security.mgmt.http-server", d, commands=("no ip http server",), minutes=5) for d in many], *many)
    assert (len(action.table), action.effort_minutes, action.uniform) == (40, 200, True)
    assert action.commands[-1] == "no ip http server"
    assert action.rollback[-1] == "ip http server"


def test_prepaid_hours_are_drawn_in_half_hours_begun():
    (action,) = plan([found("security.mgmt.http-server", SWITCH, minutes=5)], SWITCH)
    assert action.draws_minutes == 30


def test_what_must_come_first_is_drawn_forward_and_named():
    telnet, ssh = found("security.mgmt.telnet", SWITCH, "high", 10), found("security.mgmt.ssh", SWITCH, "low", 60)
    made = plan([telnet, ssh], SWITCH)
    assert [a.rule for a in made] == ["security.mgmt.ssh", "security.mgmt.telnet"]
    assert made[1].after == (made[0].id,)
    assert first_actions(made) == (made[1].id, made[0].id)


def test_another_devices_trouble_is_no_reason_to_wait():
    made = plan([found("security.mgmt.telnet", SWITCH), found("security.mgmt.ssh", OTHER, "low", 60)], SWITCH, OTHER)
    assert all(not a.after for a in made)


def test_before_a_restart_configurations_are_saved_and_redundancy_is_mended():
    made = plan(
        [*ADVISORIES, found("core.config.unsaved", SWITCH, "medium", 2), found("core.redundancy.stack", SWITCH, "low", 600)], SWITCH, OTHER
    )
    upgrade = next(a for a in made if a.undo == "image")
    assert {a.rule for a in made if a.id in upgrade.after} >= {"core.config.unsaved"}
    assert [a.id for a in made].index(upgrade.id) > max([a.id for a in made].index(i) for i in upgrade.after)


@pytest.mark.parametrize(
    ("rule", "where", "risk"),
    [("security.snmp.default", CORE, "low"), ("core.link.duplex", SWITCH, "medium"), ("core.link.duplex", CORE, "high")],
)
def test_the_risk_of_a_change_goes_by_what_it_asks_and_of_which_role(rule, where, risk):
    (action,) = plan([found(rule, where)], where)
    assert action.change_risk == risk


def test_contract_cover_is_not_known_without_a_list():
    (unknown,) = plan([found("core.env.fan", SWITCH)], SWITCH)
    assert unknown.table[0].contract is None
    (none,) = plan([found("core.env.fan", SWITCH)], SWITCH, contracts=())
    assert none.table[0].contract is False


def test_of_several_contracts_of_a_serial_the_last_to_end_counts():
    told = (Contract("FNV2", "1", date(2020, 1, 1)), Contract("FNV2", "2", date(2030, 1, 1)), Contract("FNV2", "3", date(2021, 1, 1)))
    what = msgspec.structs.replace(evidence(OTHER), contracts=told)
    assert under_contract(OTHER, what, contracts_by_serial(what)) is True
    ended = msgspec.structs.replace(what, contracts=told[:1])
    assert under_contract(OTHER, ended, contracts_by_serial(ended)) is False


def test_an_action_keeps_its_id_whatever_it_is_called():
    first = plan([found("core.env.fan", SWITCH)], SWITCH)[0]
    assert plan([found("core.env.fan", OTHER)], OTHER)[0].id == first.id


@pytest.mark.parametrize(
    ("commands", "facts", "back"),
    [
        (["no ip http server"], [], ("ip http server",)),
        (["ip http access-class ipv4 MGMT"], [], ("no ip http access-class ipv4 MGMT",)),
        (["interface Gi1/0/1", " duplex auto", " speed auto"], [], ("interface Gi1/0/1", " no speed auto", " no duplex auto")),
        (["interface Gi1/0/1", " no shutdown"], [], ("interface Gi1/0/1", " shutdown")),
        (["line vty 0 4", " exec-timeout 10 0"], [("line 40", " exec-timeout 0 0")], ("line vty 0 4", " exec-timeout 0 0")),
        (["no username olle"], [("line 7", "username olle privilege 15 nopassword")], ("username olle privilege 15 nopassword",)),
        (["a 1", "b 2"], [], ("no b 2", "no a 1")),
        (["! look first", "no ip finger", "end"], [], ("ip finger",)),
    ],
)
def test_commands_are_taken_back_in_reverse_with_the_former_line_where_it_is_known(commands, facts, back):
    assert undone(commands, [Fact(what, value) for what, value in facts]) == back


@pytest.mark.parametrize(
    ("commands", "facts"),
    [
        ([], []),
        (["copy running-config startup-config"], []),
        (["crypto key generate rsa modulus 3072"], []),
        (["no snmp-server community"], [("line 3", "snmp-server community <natvakt:snmp-community:eq=0123456789ab>")]),
        (["! replace the fan"], []),
    ],
)
def test_what_is_done_once_or_holds_a_secret_is_not_taken_back_by_commands(commands, facts):
    assert undone(commands, [Fact(what, value) for what, value in facts]) is None


def test_blocks_keep_their_children():
    assert blocks(["interface Gi1", " no cdp enable", "!", "exit", "no ip finger"]) == [
        ("interface Gi1", ["no cdp enable"]),
        ("no ip finger", []),
    ]
