"""CSAF, CVRF, openVuln, CVE JSON 5 and NVD: from the document to facts and claims. All documents are made here."""

from typing import Any

import pytest
from natvakt_server.knowledge.facts import Advisory, Claim, Range, Vulnerability
from testkit.knowledge import below, branch, cpe, csaf, cve_record, facts, nvd_record, opened, openvuln, product, releases, vulnerability

ONE, TWO = "CVE-2024-10001", "CVE-2024-10002"


def advisory(data: Any) -> Advisory:
    (fact,) = facts(data)
    assert isinstance(fact, Advisory)
    return fact


def record(data: Any) -> Vulnerability:
    (fact,) = facts(data)
    assert isinstance(fact, Vulnerability)
    return fact


def claims(fact: Advisory | Vulnerability) -> dict[tuple[str, str, str], Claim]:
    return {(claim.os, claim.cve, claim.family): claim for claim in fact.claims}


class TestCsaf:
    def test_the_release_is_on_the_leaf_and_each_cve_has_its_own_list(self) -> None:
        tree, ids = releases("Cisco IOS XE Software", {"17.3": ["17.3.1", "17.3.4a"], "3.6E": ["3.6.7E"]})
        found = advisory(csaf(branches=[tree], vulnerabilities=[vulnerability(ONE, ids), vulnerability(TWO, ids[:1], score=5.3)]))
        assert (found.id, found.severity, found.published, found.updated) == ("cisco-sa-test-web", "critical", "2024-05-01", "2024-05-02")
        assert found.cves == (ONE, TWO)
        assert found.cvss == {ONE: 9.8, TWO: 5.3}
        assert found.url == "https://example.test/cisco-sa-test-web"
        told = claims(found)
        assert told["ios-xe", ONE, ""].listed == {"17.3": ("17.3.1", "17.3.4a"), "3.6E": ("3.6.7E",)}
        assert told["ios-xe", TWO, ""].listed == {"17.3": ("17.3.1",)}

    def test_a_leaf_that_names_a_product_only_means_all_of_it(self) -> None:
        tree = branch("product_name", "Cisco IOS XR Software", product="P1")
        (claim,) = advisory(csaf(branches=[tree], vulnerabilities=[vulnerability(ONE, ["P1"])])).claims
        assert (claim.os, claim.whole, claim.listed) == ("ios-xr", True, {})

    def test_a_release_inside_a_products_name_is_one(self) -> None:
        document = csaf(
            vulnerabilities=[vulnerability(ONE, ["A", "B"])],
            full_product_names=[{"product_id": "A", "name": "Cisco IOS 15.2(7)E8"}],
            branches=[branch("product_name", "Cisco Identity Services Engine Software 3.3 Patch 2", product="B")],
        )
        told = claims(advisory(document))
        assert told["ios", ONE, ""].listed == {"15.2E": ("15.2(7)E8",)}
        assert told["ise", ONE, ""].listed == {"3.3": ("3.3 Patch 2",)}

    def test_software_on_a_platform_is_a_claim_on_that_hardware(self) -> None:
        tree, ids = releases("Cisco NX-OS Software", {"9.3": ["9.3(5)"]})
        hardware = branch("product_name", "Cisco Nexus 3000 Series Switches", product="H1")
        relation = {
            "category": "installed_on",
            "product_reference": ids[0],
            "relates_to_product_reference": "H1",
            "full_product_name": {"product_id": "R1", "name": "Cisco NX-OS Software 9.3(5) when installed on Cisco Nexus 3000"},
        }
        found = advisory(csaf(branches=[tree, hardware], relationships=[relation], vulnerabilities=[vulnerability(ONE, ["R1"])]))
        assert claims(found)["nx-os", ONE, "nexus-3000"].listed == {"9.3": ("9.3(5)",)}

    def test_a_relation_to_software_that_the_tree_does_not_hold_is_read_from_its_name(self) -> None:
        relation = {"product_reference": "gone", "full_product_name": {"product_id": "R1", "name": "Cisco IOS XE Software 17.3.1"}}
        found = advisory(csaf(relationships=[relation], vulnerabilities=[vulnerability(ONE, ["R1"])]))
        assert claims(found)["ios-xe", ONE, ""].listed == {"17.3": ("17.3.1",)}

    def test_version_ranges_fixes_and_cleared_releases_are_told(self) -> None:
        tree = branch(
            "product_name",
            "Cisco IOS XE Software",
            branch("product_version_range", "vers:cisco/>=16.12|<16.12.10a", product="P1"),
            branch("product_version", "16.12.10a", product="P2"),
            branch("product_version", "16.12.11", product="P3"),
        )
        status = vulnerability(ONE, ["P1"], fixed=["P2"], first_fixed=["P2"], known_not_affected=["P3"], last_affected=["unknown id"])
        (claim,) = advisory(csaf(branches=[tree], vulnerabilities=[status])).claims
        assert claim.ranges == (Range("16.12", "16.12.10a"),)
        assert claim.fixed == ("16.12.10a",)
        assert claim.cleared == ("16.12.11",)

    def test_aci_releases_under_nx_os_are_claims_on_aci(self) -> None:
        tree, ids = releases("Cisco NX-OS Software", {"14.1": ["14.1(1l)"], "9.3": ["9.3(5)"]})
        told = claims(advisory(csaf(branches=[tree], vulnerabilities=[vulnerability(ONE, ids)])))
        assert told["aci", ONE, ""].listed == {"14.1": ("14.1(1l)",)}
        assert told["nx-os", ONE, ""].listed == {"9.3": ("9.3(5)",)}

    def test_without_a_word_the_severity_is_that_of_the_score(self) -> None:
        assert advisory(csaf(severity="", vulnerabilities=[vulnerability(ONE, score=7.4)])).severity == "high"
        assert advisory(csaf(severity="", vulnerabilities=[vulnerability(ONE, score=None)])).severity == ""

    def test_a_tree_of_any_depth_is_walked_and_one_too_deep_is_refused(self) -> None:
        leaf = branch("product_version", "9.16.1", product="P1")
        for _ in range(30):
            leaf = branch("product_family", "Cisco Adaptive Security Appliance (ASA) Software", leaf)
        (claim,) = advisory(csaf(branches=[leaf], vulnerabilities=[vulnerability(ONE, ["P1"])])).claims
        assert claim.listed == {"9.16": ("9.16.1",)}


CVRF_11 = "http://www.icasi.org/CVRF/schema/cvrf/1.1"
CVRF_12 = "http://docs.oasis-open.org/csaf/ns/csaf-cvrf/v1.2/cvrf"


def cvrf(body: str = "", namespace: str = CVRF_11, severity: str = "", date: str = "2024-05-01T16:00:00Z", prefix: str = "") -> str:
    """A document of that version; `prefix` writes the root's names as the OASIS examples do."""
    name = f"{prefix}:" if prefix else ""
    declared = f'xmlns:{prefix}="{namespace}"' if prefix else f'xmlns="{namespace}"'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{name}cvrfdoc {declared} xmlns:vuln="{namespace.replace("/cvrf", "/vuln")}" xmlns:prod="{namespace.replace("/cvrf", "/prod")}">
  <{name}DocumentTitle>Cisco Test CVRF</{name}DocumentTitle>
  <{name}DocumentType>Security Advisory</{name}DocumentType>
  <{name}DocumentPublisher Type="Vendor"/>
  <{name}DocumentTracking>
    <{name}Identification><{name}ID>cisco-sa-test-cvrf</{name}ID></{name}Identification>
    <{name}InitialReleaseDate>{date}</{name}InitialReleaseDate>
    <{name}CurrentReleaseDate>2024-05-02T16:00:00Z</{name}CurrentReleaseDate>
  </{name}DocumentTracking>
  {severity}
  {body}
</{name}cvrfdoc>"""


TREE = """<prod:ProductTree>
  <prod:Branch Type="Vendor" Name="Cisco">
    <prod:Branch Type="Product Name" Name="IOS">
      <prod:Branch Type="Product Version" Name="15.2E">
        <prod:Branch Type="Service Pack" Name="15.2(7)E8">
        <prod:FullProductName ProductID="P1">Cisco IOS 15.2(7)E8</prod:FullProductName></prod:Branch>
      </prod:Branch>
    </prod:Branch>
    <prod:Branch Type="Product Name" Name="Cisco Nexus 3000 Series Switches">
        <prod:FullProductName ProductID="H1">Cisco Nexus 3000 Series Switches</prod:FullProductName></prod:Branch>
    <prod:Branch Type="Product Name" Name="Cisco NX-OS Software">
        <prod:FullProductName ProductID="N1">Cisco NX-OS Software 9.3(5)</prod:FullProductName></prod:Branch>
  </prod:Branch>
  <prod:FullProductName ProductID="P2">Cisco IOS XE Software 17.3.1</prod:FullProductName>
  <prod:Relationship ProductReference="N1" RelationType="Installed On" RelatesToProductReference="H1">
    <prod:FullProductName ProductID="R1">Cisco NX-OS Software 9.3(5) on Nexus 3000</prod:FullProductName>
  </prod:Relationship>
</prod:ProductTree>"""


def flaw(statuses: str, score: str = "<vuln:BaseScoreV3>7.5</vuln:BaseScoreV3>", cve: str = ONE) -> str:
    return (
        f'<vuln:Vulnerability Ordinal="1"><vuln:CVE>{cve}</vuln:CVE><vuln:ProductStatuses>{statuses}</vuln:ProductStatuses>'
        f"<vuln:CVSSScoreSets><vuln:ScoreSetV3>{score}</vuln:ScoreSetV3></vuln:CVSSScoreSets></vuln:Vulnerability>"
    )


def status(kind: str, *products: str) -> str:
    return f'<vuln:Status Type="{kind}">{"".join(f"<vuln:ProductID>{each}</vuln:ProductID>" for each in products)}</vuln:Status>'


class TestCvrf:
    @pytest.mark.parametrize(
        ("namespace", "form", "prefix"), [(CVRF_11, "cvrf-1.1", ""), (CVRF_12, "cvrf-1.2", ""), (CVRF_12, "cvrf-1.2", "cvrf")]
    )
    def test_both_versions_are_read(self, namespace: str, form: str, prefix: str) -> None:
        text = cvrf(TREE + flaw(status("Known Affected", "P1", "P2", "R1")), namespace, prefix=prefix)
        assert opened(text)[0] == form
        found = advisory(text)
        assert (found.id, found.severity, found.cvss, found.updated) == ("cisco-sa-test-cvrf", "high", {ONE: 7.5}, "2024-05-02")
        told = claims(found)
        assert told["ios", ONE, ""].listed == {"15.2E": ("15.2(7)E8",)}
        assert told["ios-xe", ONE, ""].listed == {"17.3": ("17.3.1",)}
        assert told["nx-os", ONE, "nexus-3000"].listed == {"9.3": ("9.3(5)",)}

    def test_fixed_and_cleared_products_are_told(self) -> None:
        told = claims(advisory(cvrf(TREE + flaw(status("First Fixed", "P1") + status("Known Not Affected", "P2")))))
        assert told["ios", ONE, ""].fixed == ("15.2(7)E8",)
        assert told["ios-xe", ONE, ""].cleared == ("17.3.1",)

    def test_the_documents_own_severity_comes_first(self) -> None:
        assert advisory(cvrf(flaw(status("Fixed")), severity="<AggregateSeverity>Medium</AggregateSeverity>")).severity == "medium"
        threat = '<vuln:Threats><vuln:Threat Type="Impact"><vuln:Description>Critical</vuln:Description></vuln:Threat></vuln:Threats>'
        assert advisory(cvrf(flaw(status("Fixed")).replace("<vuln:CVSS", threat + "<vuln:CVSS", 1))).severity == "critical"

    def test_its_own_reference_is_the_url(self) -> None:
        body = "<DocumentReferences><Reference><URL>https://example.test/cisco-sa-test-cvrf</URL></Reference></DocumentReferences>"
        assert advisory(cvrf(body)).url == "https://example.test/cisco-sa-test-cvrf"


class TestOpenVuln:
    def test_an_answer_is_a_union_over_the_cves(self) -> None:
        products = ["Cisco IOS 15.2(7)E8", "Cisco IOS XE Software 3.16.6bS", "Cisco NX-OS Software ", "Cisco Webex Meetings"]
        form, _ = opened({"advisories": [openvuln(cves=(ONE, TWO), products=products)]})
        found = advisory({"advisories": [openvuln(cves=(ONE, TWO), products=products)]})
        assert form == "openvuln"
        assert found.cvss == {ONE: 7.5, TWO: 7.5}
        told = claims(found)
        assert set(told) == {("ios", "", ""), ("ios-xe", "", ""), ("nx-os", "", "")}
        assert told["ios", "", ""].listed == {"15.2E": ("15.2(7)E8",)}
        assert told["nx-os", "", ""].whole

    def test_first_fixes_stand_beside_or_under_platforms(self) -> None:
        platforms = [
            {
                "id": 1,
                "name": "Nexus 9000 Series Switches",
                "firstFixes": [{"id": "9", "name": "9.3(10)"}],
                "vulnerabilityState": "vulnerable",
            }
        ]
        told = claims(advisory(openvuln(products=["Cisco NX-OS Software 9.3(5)"], platforms=platforms, iosRelease=["9.3(6)"])))
        assert told["nx-os", "", ""].listed == {"9.3": ("9.3(5)", "9.3(6)")}
        assert told["nx-os", "", "nexus-9000"].fixed == ("9.3(10)",)
        both = openvuln(
            products=["Cisco IOS 15.2(2)E", "Cisco IOS XE Software 3.6.2E"], firstFixed=["15.2(7)E9", "17.3.8a"], iosRelease=["15.2(3)E"]
        )
        told = claims(advisory(both))
        assert told["ios", "", ""].fixed == ("15.2(7)E9",)
        assert told["ios-xe", "", ""].fixed == ("17.3.8a",)
        assert told["ios", "", ""].listed == {"15.2E": ("15.2(2)E", "15.2(3)E")}

    def test_a_list_and_a_single_advisory_are_read_as_an_answer_is(self) -> None:
        assert opened([openvuln(), openvuln("cisco-sa-test-two")])[0] == "openvuln"
        assert advisory(openvuln(cves=("NA",), cvssBaseScore="NA", productNames=None)).cves == ()

    def test_aci_is_told_apart(self) -> None:
        assert [claim.os for claim in advisory(openvuln(products=["Cisco NX-OS Software 14.1(1l)"])).claims] == ["aci"]


class TestCveFive:
    def test_exact_versions_ranges_and_names_become_claims(self) -> None:
        found = record(
            cve_record(
                affected=[
                    product("Cisco IOS XE Software", "17.3.1", "17.3.4a"),
                    product("Cisco NX-OS Software", below("7.0(3)I7(4)"), below("6.2(25)", "0")),
                    product("Cisco IOS 15.0(2)SG11a", {"version": "unspecified", "lessThan": "n/a", "status": "affected"}),
                    product("Cisco Adaptive Security Appliance (ASA) Software", "n/a"),
                    product("Cisco Webex Meetings", "n/a"),
                    product("Junos", "21.4", vendor="Juniper"),
                ]
            )
        )
        assert (found.cve, found.advisory, found.severity, found.cvss) == (ONE, "cisco-sa-test-web", "high", 8.6)
        assert (found.published, found.updated, found.rejected) == ("2024-05-01", "2024-05-02", False)
        told = claims(found)
        assert set(told) == {("ios-xe", ONE, ""), ("nx-os", ONE, ""), ("ios", ONE, ""), ("asa", ONE, "")}
        assert told["ios-xe", ONE, ""].listed == {"17.3": ("17.3.1", "17.3.4a")}
        assert told["nx-os", ONE, ""].ranges == (Range(end="6.2(25)"), Range(end="7.0(3)I7(4)"))
        assert told["ios", ONE, ""].listed == {"15.0SG": ("15.0(2)SG11a",)}
        assert told["asa", ONE, ""].whole

    def test_ends_of_ranges_are_read_in_every_form(self) -> None:
        versions = [
            {"version": "9.8", "lessThanOrEqual": "9.8.4.20", "status": "affected"},
            {"version": "9.12.1", "status": "affected", "changes": [{"at": "9.12.4", "status": "unaffected"}]},
            {"version": "9.14.1", "lessThan": "*", "status": "affected"},
            {"version": "9.16.1", "lessThanOrEqual": "9.16.*", "status": "affected"},
            "9.18.1 and earlier",
            "9.19.x",
        ]
        (claim,) = record(cve_record(affected=[product("Cisco ASA Software", *versions)])).claims
        assert claim.ranges == (
            Range(end="9.18.1", end_included=True),
            Range("9.12.1", "9.12.4"),
            Range("9.14.1"),
            Range("9.16.1", "9.16", end_included=True),
            Range("9.8", "9.8.4.20", end_included=True),
        )
        assert claim.trains == ("9.19",)

    def test_what_is_unaffected_is_cleared_or_ends_what_is_affected_by_default(self) -> None:
        cleared = product(
            "Cisco ISE", "3.1.0 p1", {"version": "3.1.0 p2", "status": "unaffected"}, {"version": "soon", "status": "unaffected"}
        )
        (claim,) = record(cve_record(affected=[cleared])).claims
        assert (claim.listed, claim.cleared) == ({"3.1": ("3.1.0 p1",)}, ("3.1.0 p2",))
        ended = product("Cisco ISE", {"version": "3.2.0 p4", "lessThan": "*", "status": "unaffected"}, defaultStatus="affected")
        (claim,) = record(cve_record(affected=[ended])).claims
        assert (claim.ranges, claim.fixed, claim.whole) == ((Range(end="3.2.0 p4"),), ("3.2.0 p4",), False)
        (claim,) = record(cve_record(affected=[product("Cisco ISE", defaultStatus="affected")])).claims
        assert claim.whole
        assert record(cve_record(affected=[product("Cisco ISE", defaultStatus="unaffected")])).claims == ()

    def test_of_two_systems_in_one_name_the_spelling_tells_which_is_meant(self) -> None:
        told = claims(record(cve_record(affected=[product("Cisco IOS and IOS XE Software", "15.2(7)E8", "17.3.1")])))
        assert told["ios", ONE, ""].listed == {"15.2E": ("15.2(7)E8",)}
        assert told["ios-xe", ONE, ""].listed == {"17.3": ("17.3.1",)}
        told = claims(record(cve_record(affected=[product("Cisco IOS and IOS XE", "n/a")])))
        assert told["ios", ONE, ""].whole
        assert told["ios-xe", ONE, ""].whole

    def test_a_products_name_in_the_version_field_is_no_version(self) -> None:
        told = claims(record(cve_record(affected=[product("n/a", "Cisco IOS XE"), product("Cisco IOS XE", "Cisco IOS XE", vendor="n/a")])))
        assert told["ios-xe", ONE, ""].whole
        (claim,) = record(cve_record(affected=[product("Cisco IOS XE", "Cisco IOS XE Software 16.9.3")])).claims
        assert claim.listed == {"16.9": ("16.9.3",)}

    def test_what_is_no_version_is_kept_as_unread(self) -> None:
        (claim,) = record(cve_record(affected=[product("Cisco IOS XE", "17.3.1", "BLD_POLARIS")])).claims
        assert claim.unread == ("BLD_POLARIS",)

    def test_additional_containers_speak_only_of_systems_of_which_the_authority_is_silent(self) -> None:
        adp = {
            "affected": [
                {"vendor": "cisco", "product": "ios_xe", "versions": [{"version": "17.9.1", "status": "affected"}]},
                {"vendor": "cisco", "product": "x", "cpes": ["cpe:2.3:o:cisco:ios_xr:*:*:*:*:*:*:*:*"], "versions": [below("7.5.2", "0")]},
            ],
            "metrics": [{"cvssV3_1": {"baseScore": 9.1}}],
        }
        found = record(cve_record(affected=[product("Cisco IOS XE", "17.3.1")], adp=[adp], score=None))
        told = claims(found)
        assert told["ios-xe", ONE, ""].listed == {"17.3": ("17.3.1",)}
        assert told["ios-xr", ONE, ""].ranges == (Range(end="7.5.2"),)
        assert found.cvss == 9.1

    def test_a_withdrawn_record_is_known_as_such(self) -> None:
        assert record(cve_record(state="REJECTED")).rejected

    def test_the_advisory_is_found_in_the_references_too(self) -> None:
        document = cve_record(advisory="")
        document["containers"]["cna"]["references"] = [{"url": "https://cisco.example/cisco-sa-elsewhere/"}]
        assert record(document).advisory == "cisco-sa-elsewhere"


class TestNvd:
    def test_the_end_of_a_range_is_the_first_fix(self) -> None:
        match = cpe("ios_xe", versionStartIncluding="17.3", versionEndExcluding="17.3.8a")
        document = nvd_record(ONE, match, cpe("ios", r"15.2\(7\)e8"), cpe("adaptive_security_appliance_software", part="a"))
        found = record(document)
        assert (found.advisory, found.cvss, found.updated) == ("cisco-sa-test-web", 8.6, "2024-06-01")
        told = claims(found)
        assert (told["ios-xe", ONE, ""].ranges, told["ios-xe", ONE, ""].fixed) == ((Range("17.3", "17.3.8a"),), ("17.3.8a",))
        assert told["ios", ONE, ""].listed == {"15.2E": ("15.2(7)E8",)}
        assert told["asa", ONE, ""].whole

    @pytest.mark.parametrize("shape", ["bare", "item", "page", "array"])
    def test_every_shape_is_read(self, shape: str) -> None:
        bare = nvd_record(ONE, cpe("ios_xe", "17.3.1"))
        page = {
            "resultsPerPage": 1,
            "startIndex": 0,
            "totalResults": 1,
            "format": "NVD_CVE",
            "version": "2.0",
            "vulnerabilities": [{"cve": bare}],
        }
        document = {"bare": bare, "item": {"cve": bare}, "page": page, "array": [bare]}[shape]
        assert opened(document)[0] == "nvd-2.0"
        assert record(document).claims[0].listed == {"17.3": ("17.3.1",)}

    def test_hardware_in_an_and_limits_the_claim(self) -> None:
        match = cpe("nx-os", versionStartIncluding=r"7.0\(3\)i7", versionEndExcluding=r"7.0\(3\)i7\(9\)")
        told = claims(record(nvd_record(ONE, match, hardware=("nexus_3048", "nexus_9336c"))))
        assert set(told) == {("nx-os", ONE, "nexus-3000"), ("nx-os", ONE, "nexus-9000")}
        assert told["nx-os", ONE, "nexus-3000"].ranges == (Range("7.0(3)I7", "7.0(3)I7(9)"),)
        assert set(claims(record(nvd_record(ONE, match, hardware=("nexus_3048", "ucs_6454"))))) == {("nx-os", ONE, "")}

    def test_what_is_not_vulnerable_or_negated_makes_no_claim(self) -> None:
        match = {**cpe("ios_xe", "17.3.1"), "vulnerable": False}
        assert record(nvd_record(ONE, match)).claims == ()
        document = nvd_record(ONE, cpe("ios_xe", "17.3.1"))
        document["configurations"][0]["nodes"][0]["negate"] = True
        assert record(document).claims == ()

    def test_a_primary_score_comes_before_another(self) -> None:
        metrics = {
            "cvssMetricV31": [{"type": "Secondary", "cvssData": {"baseScore": 9.9}}, {"type": "Primary", "cvssData": {"baseScore": 7.1}}]
        }
        assert record(nvd_record(ONE, metrics=metrics)).cvss == 7.1
        assert record(nvd_record(ONE, metrics={})).cvss is None
        assert record(nvd_record(ONE, vulnStatus="Rejected")).rejected
