"""How sources that say different things are judged together, what is told as unknown, and what a configuration shows."""

from typing import Any

import pytest
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.knowledge.exposure import Exposure, ExposureJudge
from testkit.knowledge import MemoryKnowledge, cpe, csaf, cve_record, facts, kev, nvd_record, openvuln, product, releases, vulnerability

ONE, TWO = "CVE-2024-10001", "CVE-2024-10002"


def knowledge(**told: Any) -> MemoryKnowledge:
    """Documents by source; underscores stand for dashes."""
    store = MemoryKnowledge()
    for source, documents in told.items():
        for document in documents if isinstance(documents, list) else [documents]:
            store.put(source.replace("_", "-"), "2026-11-01", facts(document), 0)
    return store


def judged(store: MemoryKnowledge, version: str = "17.3.1", os: str = "ios-xe", config: str | None = None) -> Exposure:
    return ExposureJudge(store).judge(os, version, configuration=parse(config, os) if config is not None else None)


def listing(title: str = "Cisco IOS XE Software Web UI Vulnerability", cves: tuple[str, ...] = (ONE,), version: str = "17.3.1") -> Any:
    tree, ids = releases("Cisco IOS XE Software", {"17.3": [version]})
    return csaf(branches=[tree], title=title, vulnerabilities=[vulnerability(cve, ids) for cve in cves])


def test_an_empty_knowledge_base_says_so() -> None:
    exposure = judged(MemoryKnowledge())
    assert (exposure.normalised, exposure.train, list(exposure.statements)) == ("17.3.1", "17.3", [])
    assert list(exposure.unknown) == ["the knowledge base holds nothing about ios-xe; import advisories"]


def test_a_version_that_nobody_has_seen_is_unknown_with_the_reason() -> None:
    exposure = judged(knowledge(cve=cve_record(affected=[product("Cisco IOS XE", "17.3.1")])), "BLD_POLARIS_DEV_LATEST")
    assert (exposure.normalised, exposure.train, list(exposure.statements)) == (None, None, [])
    assert "is no version of it; versions look like 17.3.4a" in exposure.unknown[0]


def test_the_last_day_on_which_a_train_was_spoken_of_is_told() -> None:
    store = knowledge(cisco_csaf=listing())
    assert list(judged(store, "17.3.9").unknown) == ["no statement about this train after 2024-05-02"]
    assert list(judged(store, "17.12.1").unknown) == ["no source names the train 17.12"]


def test_entries_that_could_not_be_read_are_counted() -> None:
    store = knowledge(cve=cve_record(affected=[product("Cisco IOS XE", "17.3.1", "BLD_ONE", "BLD_TWO")]))
    assert judged(store).unknown[1] == "2 entries could not be read as versions"


def test_sources_that_agree_and_disagree_are_shown_beside_each_other() -> None:
    store = knowledge(
        cisco_csaf=listing(),
        nvd=nvd_record(ONE, cpe("ios_xe", versionStartIncluding="17.3", versionEndExcluding="17.3.5"), score=9.9),
        partner=cve_record(ONE, [product("Cisco IOS XE", "17.3.0", {"version": "17.3.1", "status": "unaffected"})]),
    )
    (statement,) = judged(store).statements
    assert (statement.source, statement.basis, statement.cvss) == ("cisco-csaf", "listed", 9.9)
    assert list(statement.others) == [("nvd", "range"), ("partner", "cleared")]
    assert list(statement.first_fixed) == ["17.3.5"]


def test_a_product_without_versions_is_affected_as_a_whole_unless_another_source_names_versions() -> None:
    whole = cve_record(ONE, [product("Cisco IOS XE", "n/a")])
    (statement,) = judged(knowledge(cve_program=whole), "17.9.5").statements
    assert (statement.verdict, statement.basis) == ("affected", "whole-product")
    exposure = judged(knowledge(cve_program=whole, cisco_csaf=listing()), "17.9.5")
    assert list(exposure.statements) == []
    assert exposure.unknown[1].startswith(f"{ONE}: cve-program names the product without versions")
    (statement,) = judged(knowledge(cve_program=whole, cisco_csaf=listing())).statements
    assert (statement.basis, list(statement.others)) == ("listed", [("cve-program", "whole-product")])


def test_a_union_gives_way_where_each_of_its_cves_is_told_with_versions() -> None:
    union = openvuln(cves=(ONE, TWO), products=["Cisco IOS XE Software 17.3.1", "Cisco IOS XE Software 17.3.2"])
    assert [each.cve for each in judged(knowledge(cisco_openvuln=union)).statements] == [None]
    both = knowledge(cisco_openvuln=union, cisco_csaf=listing(cves=(ONE, TWO)))
    assert [each.cve for each in judged(both).statements] == [ONE, TWO]
    assert list(judged(both, "17.3.2").statements) == []
    whole = [cve_record(cve, [product("Cisco IOS XE", "n/a")]) for cve in (ONE, TWO)]
    exposure = judged(knowledge(cisco_openvuln=union, cve_program=whole), "17.3.2")
    assert [(each.cve, each.basis) for each in exposure.statements] == [(None, "listed")]


def test_an_advisory_of_one_cve_speaks_of_that_cve() -> None:
    union = openvuln("cisco-sa-one", (ONE,), ["Cisco IOS XE Software 17.3.1"], firstFixed=["17.3.4"])
    (statement,) = judged(knowledge(cisco_openvuln=union)).statements
    assert (statement.cve, statement.advisory, list(statement.first_fixed)) == (ONE, "cisco-sa-one", ["17.3.4"])


def test_fixes_of_other_trains_are_told_only_where_the_own_train_has_none() -> None:
    union = openvuln(
        "cisco-sa-one", (ONE,), ["Cisco IOS XE Software 17.3.1", "Cisco IOS XE Software 17.4.1"], firstFixed=["17.3.4", "17.6.1"]
    )
    assert list(judged(knowledge(cisco_openvuln=union)).statements[0].first_fixed) == ["17.3.4"]
    assert list(judged(knowledge(cisco_openvuln=union), "17.4.1").statements[0].first_fixed) == ["17.3.4", "17.6.1"]


def test_a_withdrawn_record_says_nothing() -> None:
    assert list(judged(knowledge(cve=cve_record(ONE, [product("Cisco IOS XE", "17.3.1")], state="REJECTED"))).statements) == []


def test_what_is_exploited_needs_no_advisory_of_its_own_kind() -> None:
    store = knowledge(cve=cve_record(ONE, [product("Cisco IOS XE", "17.3.1")], title=""), cisa_kev=kev(ONE))
    assert judged(store).statements[0].kev


class TestConfigurationEvidence:
    def test_lines_that_turn_the_feature_on_are_shown(self) -> None:
        (statement,) = judged(knowledge(cisco_csaf=listing()), config="hostname a\nip http server\nip http secure-server\n").statements
        assert statement.verdict == "affected"
        assert [(line.line, line.text) for line in statement.evidence] == [(2, "ip http server"), (3, "ip http secure-server")]

    def test_lines_that_turn_it_off_make_it_not_exposed(self) -> None:
        (statement,) = judged(
            knowledge(cisco_csaf=listing()), config="hostname a\nno ip http server\nno ip http secure-server\n"
        ).statements
        assert (statement.verdict, statement.basis, statement.feature_off) == ("not-exposed", "listed", "http-server")
        assert [line.line for line in statement.evidence] == [2, 3]

    @pytest.mark.parametrize("config", ["hostname a\n", "no ip http server\n", "no ip http secure-server\nip http server\n", ""])
    def test_half_a_proof_is_none(self, config: str) -> None:
        assert judged(knowledge(cisco_csaf=listing()), config=config).statements[0].verdict == "affected"

    def test_what_is_off_by_default_is_proved_off_by_its_absence_from_a_configuration(self) -> None:
        title = "Cisco IOS XE Software Internet Key Exchange Version 2 Denial of Service Vulnerability"
        (statement,) = judged(knowledge(cisco_csaf=listing(title)), config="hostname a\n").statements
        assert (statement.verdict, list(statement.evidence), statement.feature_off) == ("not-exposed", [], "ike")
        mapped = "crypto map M 10 ipsec-isakmp\ninterface Gi1\n crypto map M\n"
        assert judged(knowledge(cisco_csaf=listing(title)), config=mapped).statements[0].verdict == "affected"

    @pytest.mark.parametrize("config", ["", "interface Gi1\n", "hostname a\nbanner motd ^C\nnever closed\n"])
    def test_what_a_cut_off_configuration_does_not_hold_proves_nothing(self, config: str) -> None:
        title = "Cisco IOS XE Software SNMP Denial of Service Vulnerability"
        assert judged(knowledge(cisco_csaf=listing(title)), config=config).statements[0].verdict == "affected"

    def test_a_title_of_two_features_needs_both_off(self) -> None:
        title = "Cisco IOS XE Software Smart Install and SNMP Vulnerability"
        off = "hostname a\nno vstack\n"
        assert judged(knowledge(cisco_csaf=listing(title)), config=off).statements[0].verdict == "not-exposed"
        on = off + "snmp-server community x\n"
        assert judged(knowledge(cisco_csaf=listing(title)), config=on).statements[0].verdict == "affected"

    def test_a_title_that_names_no_feature_proves_nothing(self) -> None:
        assert judged(knowledge(cisco_csaf=listing("Cisco IOS XE Software Vulnerability")), config="").statements[0].verdict == "affected"

    def test_what_is_not_affected_stays_without_a_statement(self) -> None:
        assert list(judged(knowledge(cisco_csaf=listing()), "17.9.9", config="no ip http server\n").statements) == []
