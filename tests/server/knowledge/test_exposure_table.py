"""A hand-checked table: what is known against a version. The advisories are invented; the traps in them are those of the real ones.

Each line was worked out by hand from the documents below, with the reason beside it.
"""

import pytest
from natvakt_server.knowledge.exposure import ExposureJudge, Statement
from testkit.knowledge import (
    MemoryKnowledge,
    below,
    cpe,
    csaf,
    cve_record,
    facts,
    kev,
    nvd_record,
    openvuln,
    product,
    releases,
    vulnerability,
)

SMI, UI, SNMP = "CVE-2024-10001", "CVE-2024-10002", "CVE-2024-10003"
NEXUS, NEXUS_LISTED, FABRIC = "CVE-2024-20001", "CVE-2024-20002", "CVE-2024-20003"
ASA, ASA_RANGE, BOTH, FXOS = "CVE-2024-30001", "CVE-2024-30002", "CVE-2024-30003", "CVE-2024-30004"
XR, XR_WHOLE = "CVE-2024-40001", "CVE-2024-40002"
ISE, ISE_NVD = "CVE-2024-50001", "CVE-2024-50002"
CUCM, CUCM_NVD = "CVE-2024-60001", "CVE-2024-60002"
TRAIN, OLD, WORDS = "CVE-2024-70001", "CVE-2024-70002", "CVE-2024-70003"


@pytest.fixture(scope="module")
def judge() -> ExposureJudge:
    store = MemoryKnowledge()

    def put(source: str, *documents: object) -> None:
        for document in documents:
            store.put(source, "2026-11-01", facts(document), 0)  # type: ignore[arg-type]

    ios, ios_ids = releases(
        "IOS",
        {
            "15.2E": ["15.2(4)E", "15.2(4)E10", "15.2(7)E", "15.2(7)E8", "15.2(7a)E0b"],
            "15.7M": ["15.7(3)M", "15.7(3)M4b"],
            "12.4": ["12.4(12)", "12.4(12c)"],
            "12.2SXF": ["12.2(18)SXF7"],
        },
    )
    xe, xe_ids = releases(
        "Cisco IOS XE Software",
        {
            "3.6E": ["3.6.0E", "3.6.6E", "3.6.7E"],
            "3.16S": ["3.16.5S", "3.16.6bS"],
            "16.6": ["16.6.1", "16.6.5"],
            "17.3": ["17.3.1", "17.3.4", "17.3.4a"],
            "17.6": ["17.6.1", "17.6.1z1"],
        },
    )
    put("cisco-csaf", csaf("cisco-sa-test-smi", branches=[ios, xe], vulnerabilities=[vulnerability(SMI, ios_ids + xe_ids)]))
    ranges = [
        cpe("ios_xe", versionStartIncluding="16.12", versionEndExcluding="16.12.10a"),
        cpe("ios_xe", versionStartIncluding="17.3", versionEndExcluding="17.3.8a"),
        cpe("ios_xe", versionStartIncluding="17.9", versionEndExcluding="17.9.4a"),
    ]
    put("nvd", nvd_record(UI, *ranges, score=10.0))
    put("cve-program", cve_record(SNMP, [product("Cisco IOS and IOS XE Software", "15.2(7)E8", "17.3.4a", "3.6.7E")]))
    put(
        "cve-program",
        cve_record(
            NEXUS,
            [
                product("Nexus 3000 Series Switches", below("7.0(3)I4(9)"), below("7.0(3)I7(4)")),
                product("Nexus 7000 and 7700 Series Switches", below("8.2(3)")),
                product("Nexus 9000 Series Switches in Standalone NX-OS Mode", below("7.0(3)I7(10)"), below("9.3(5)")),
            ],
        ),
    )
    listed = ["7.0(3)I4(8a)", "7.0(3)I7(9)", "7.0(3)I7(10)", "9.3(1)", "9.3(15)", "10.2(3v)", "10.3(6)", "7.3(0)DY(1)"]
    put("cve-program", cve_record(NEXUS_LISTED, [product("Cisco NX-OS Software", *listed)]))
    aci = [product("Cisco NX-OS System Software in ACI Mode", "14.0(1h)", "14.1(1l)"), product("Cisco NX-OS Software", "15.2(1g)")]
    put("cve-program", cve_record(FABRIC, aci))
    asa, asa_ids = releases("Cisco Adaptive Security Appliance (ASA) Software", {"9.14": ["9.14.2", "9.14.2.15"], "9.8": ["9.8.4.20"]})
    ftd, ftd_ids = releases("Cisco Firepower Threat Defense Software", {"6.4.0": ["6.4.0", "6.4.0.4"], "7.2": ["7.2.5"]})
    both = csaf("cisco-sa-test-asaftd", branches=[asa, ftd], vulnerabilities=[vulnerability(ASA, asa_ids), vulnerability(BOTH, ftd_ids)])
    put("cisco-csaf", both)
    put("nvd", nvd_record(ASA_RANGE, cpe("adaptive_security_appliance_software", part="a", versionEndExcluding="9.16.3.3")))
    put("cve-program", cve_record(FXOS, [product("Cisco Firepower Extensible Operating System (FXOS)", "2.3.1.179", "2.3.1.58")]))
    put("cve-program", cve_record(XR, [product("Cisco IOS XR Software", "6.7.2", "6.4.2", "7.9.1", "7.9.21")]))
    put("cve-program", cve_record(XR_WHOLE, [product("Cisco IOS XR Software", {"version": "n/a", "status": "affected"})]))
    put(
        "cve-program", cve_record(ISE, [product("Cisco Identity Services Engine Software", "3.0.0 p2", "3.0.0 p8", "3.3 Patch 2", "3.1.0")])
    )
    put("nvd", nvd_record(ISE_NVD, cpe("identity_services_engine", "3.2", "patch4", "a"), cpe("identity_services_engine", "3.2", "-", "a")))
    put(
        "cve-program",
        cve_record(CUCM, [product("Cisco Unified Communications Manager", "12.0", "12.5(1)SU7a", "12.5(1)SU1", "14SU4a", "14")]),
    )
    put("cve-program", cve_record(CUCM_NVD, [product("Cisco Unified Communications Manager", "10.5(2.10000.5)", "11.5(1.12900.21)")]))
    named = [product("Cisco IOS XE Software", "3.xE", "16.9.x"), product("Cisco IOS Software", "15.0SE")]
    put("cve-program", cve_record(TRAIN, named))
    put(
        "cve-program",
        cve_record(OLD, [product("Cisco IOS 15.0(2)SG11a", {"version": "unspecified", "lessThan": "n/a", "status": "affected"})]),
    )
    words = product("Cisco IOS", "before 15.1(1)T", "12.4(24)T and earlier", "15.4(1)M through 15.4(3)M4")
    put("cve-program", cve_record(WORDS, [words]))
    put("cisco-openvuln", openvuln(cves=(SMI, "CVE-2024-19999"), products=["Cisco IOS 15.2(7)E9"], firstFixed=["15.2(7)E10"]))
    put("cisa-kev", kev(UI, "CVE-2024-19999"))
    put("first-epss", f"cve,epss,percentile\n{UI},0.94,0.99\n{SMI},0.2,0.5\n")
    return ExposureJudge(store)


AFFECTED, PROBABLY, NOTHING = "affected", "probably-affected", None
TABLE = [
    # IOS: listed, between two listed of the train, outside, other trains
    ("ios", "15.2(7)E8", SMI, AFFECTED, "listed"),
    ("ios", "15.2(4)E10", SMI, AFFECTED, "listed"),
    ("ios", "15.2(4)E8", SMI, PROBABLY, "between-listed"),  # E8 before E10
    ("ios", "15.2(4.0.55)E", SMI, PROBABLY, "between-listed"),  # an interim build of (4)
    ("ios", "15.2(7a)E0b", SMI, AFFECTED, "listed"),
    ("ios", "15.2(7)E10", SMI, PROBABLY, "between-listed"),  # before (7a)
    ("ios", "15.2(8)E1", SMI, NOTHING, None),
    ("ios", "15.2(2)E9", SMI, NOTHING, None),  # before the first listed
    ("ios", "15.2(4)M11", SMI, NOTHING, None),  # the train M of 15.2 is not E
    ("ios", "15.7(3)M2", SMI, PROBABLY, "between-listed"),
    ("ios", "15.7(3)M4b", SMI, AFFECTED, "listed"),
    ("ios", "12.4(12c)", SMI, AFFECTED, "listed"),
    ("ios", "12.4(12a)", SMI, PROBABLY, "between-listed"),
    ("ios", "12.4(12)T", SMI, NOTHING, None),  # mainline is not T
    ("ios", "12.2(18)SXF7", SMI, AFFECTED, "listed"),
    ("ios", "12.2(18)SXF8", SMI, NOTHING, None),  # one listed release has nothing between
    ("ios", "15.2(7)E8", SNMP, AFFECTED, "listed"),
    ("ios", "15.0(2)SG11a", OLD, AFFECTED, "listed"),  # the release stands in the product's name
    ("ios", "15.0(2)SG11", OLD, NOTHING, None),
    ("ios", "15.0(2)SE11", TRAIN, AFFECTED, "range"),  # the train is named as a whole
    ("ios", "15.2(2)SE", TRAIN, NOTHING, None),
    ("ios", "15.1(0.9)T", WORDS, AFFECTED, "range"),
    ("ios", "15.1(1)T", WORDS, NOTHING, None),
    ("ios", "15.0(1)M", WORDS, NOTHING, None),  # "before" without a lower bound stays in its train
    ("ios", "12.4(24)T", WORDS, AFFECTED, "range"),
    ("ios", "12.4(24)T1", WORDS, NOTHING, None),
    ("ios", "15.4(2)M", WORDS, AFFECTED, "range"),
    ("ios", "15.4(3)M5", WORDS, NOTHING, None),
    # IOS XE: both numberings, padding, the daemon's number
    ("ios-xe", "17.03.04a", SMI, AFFECTED, "listed"),
    ("ios-xe", "17.3.4a", SNMP, AFFECTED, "listed"),
    ("ios-xe", "17.3.4b", SMI, NOTHING, None),
    ("ios-xe", "17.3.3", SMI, PROBABLY, "between-listed"),
    ("ios-xe", "17.6.1z1", SMI, AFFECTED, "listed"),
    ("ios-xe", "17.6.1a", SMI, PROBABLY, "between-listed"),  # a before z1
    ("ios-xe", "17.4.1", SMI, NOTHING, None),
    ("ios-xe", "03.06.07E", SMI, AFFECTED, "listed"),
    ("ios-xe", "03.06.06.E", SMI, AFFECTED, "listed"),
    ("ios-xe", "15.2(2)E7", SMI, AFFECTED, "listed"),  # the daemon of 3.6.7E
    ("ios-xe", "03.06.05E", SMI, PROBABLY, "between-listed"),
    ("ios-xe", "03.06.06S", SMI, NOTHING, None),  # 3.6S is not 3.6E
    ("ios-xe", "3.16.6bS", SMI, AFFECTED, "listed"),
    ("ios-xe", "03.16.06.S", SMI, PROBABLY, "between-listed"),
    ("ios-xe", "15.5(3)S6b", SMI, AFFECTED, "listed"),  # the daemon of 3.16.6bS
    ("ios-xe", "16.06.05", SMI, AFFECTED, "listed"),
    ("ios-xe", "16.06.05b", SMI, NOTHING, None),
    ("ios-xe", "17.9.3", UI, AFFECTED, "range"),
    ("ios-xe", "17.09.04", UI, AFFECTED, "range"),
    ("ios-xe", "17.9.4a", UI, NOTHING, None),  # the end is the fix
    ("ios-xe", "17.6.4", UI, NOTHING, None),  # no range reaches here
    ("ios-xe", "16.12.10", UI, AFFECTED, "range"),
    ("ios-xe", "16.12.11", UI, NOTHING, None),
    ("ios-xe", "3.8.4E", TRAIN, AFFECTED, "range"),  # 3.xE
    ("ios-xe", "3.8.4S", TRAIN, NOTHING, None),
    ("ios-xe", "16.09.08", TRAIN, AFFECTED, "range"),
    # NX-OS: exact, ranges without a lower bound, families
    ("nx-os", "9.3(15)", NEXUS_LISTED, AFFECTED, "listed"),
    ("nx-os", "9.3(9)", NEXUS_LISTED, PROBABLY, "between-listed"),
    ("nx-os", "10.3(6) [Maintenance Release]", NEXUS_LISTED, AFFECTED, "listed"),
    ("nx-os", "10.2(3v)", NEXUS_LISTED, AFFECTED, "listed"),
    ("nx-os", "10.2(3)F", NEXUS_LISTED, NOTHING, None),
    ("nx-os", "7.0(3)I4(8a)", NEXUS_LISTED, AFFECTED, "listed"),
    ("nx-os", "7.0(3)I7(10)", NEXUS_LISTED, AFFECTED, "listed"),
    ("nx-os", "7.3(0)DY(1)", NEXUS_LISTED, AFFECTED, "listed"),
    ("nx-os", "7.0(3)I7(3)", NEXUS, AFFECTED, "range"),
    ("nx-os", "7.0(3)I4(9)", NEXUS, NOTHING, None),
    ("nx-os", "9.3(3)", NEXUS, AFFECTED, "range"),
    ("nx-os", "9.2(4)", NEXUS, NOTHING, None),  # below 9.3(5), but of another train
    # ACI prints as NX-OS
    ("aci", "14.0(1h)", FABRIC, AFFECTED, "listed"),
    ("nx-os", "14.0(1h) [build 14.0(1h)]", FABRIC, AFFECTED, "listed"),
    ("nx-os", "14.1(1l)", FABRIC, AFFECTED, "listed"),
    ("nx-os", "15.2(1g)", FABRIC, AFFECTED, "listed"),  # told under NX-OS
    ("aci", "14.1(1m)", FABRIC, NOTHING, None),
    ("nx-os", "14.0(1h)", NEXUS_LISTED, NOTHING, None),
    # ASA, FTD, FXOS
    ("asa", "9.14(2)15", ASA, AFFECTED, "listed"),
    ("asa", "9.14(2)14", ASA, PROBABLY, "between-listed"),
    ("asa", "9.8(4)20", ASA, AFFECTED, "listed"),
    ("asa", "9.8(4)15", ASA, NOTHING, None),
    ("asa", "9.16(3)2", ASA_RANGE, AFFECTED, "range"),
    ("asa", "9.16(3)3", ASA_RANGE, NOTHING, None),
    ("asa", "9.14(2)15", ASA_RANGE, NOTHING, None),  # no lower bound: 9.16 only
    ("asa", "9.14(2)15", BOTH, NOTHING, None),  # the other CVE of the advisory is FTD's
    ("ftd", "6.4.0.4", BOTH, AFFECTED, "listed"),
    ("ftd", "6.4.0.2", BOTH, PROBABLY, "between-listed"),
    ("ftd", "7.2.5 (Build 208)", BOTH, AFFECTED, "listed"),
    ("ftd", "7.2.5.0", BOTH, AFFECTED, "listed"),
    ("ftd", "7.2.5.1", BOTH, NOTHING, None),
    ("fxos", "2.3(1.179)", FXOS, AFFECTED, "listed"),
    ("fxos", "2.3(1.66)", FXOS, PROBABLY, "between-listed"),
    # IOS XR
    ("ios-xr", "6.4.2[Default]", XR, AFFECTED, "listed"),
    ("ios-xr", "6.7.2", XR, AFFECTED, "listed"),
    ("ios-xr", "7.9.2 LNT", XR, PROBABLY, "between-listed"),
    ("ios-xr", "7.5.2", XR, NOTHING, None),
    ("ios-xr", "7.5.2", XR_WHOLE, AFFECTED, "whole-product"),
    # ISE
    ("ise", "3.0.0.458 patch 2", ISE, AFFECTED, "listed"),
    ("ise", "3.0.0 p5", ISE, PROBABLY, "between-listed"),
    ("ise", "3.3.0 p2", ISE, AFFECTED, "listed"),
    ("ise", "3.3", ISE, NOTHING, None),
    ("ise", "3.1", ISE, AFFECTED, "listed"),
    ("ise", "3.2 Patch 4", ISE_NVD, AFFECTED, "listed"),
    ("ise", "3.2.0.542", ISE_NVD, AFFECTED, "listed"),
    ("ise", "3.2.0 p2", ISE_NVD, PROBABLY, "between-listed"),
    # Unified Communications Manager
    ("cucm", "12.5(1)SU7a", CUCM, AFFECTED, "listed"),
    ("cucm", "12.5(1)SU3", CUCM, PROBABLY, "between-listed"),
    ("cucm", "12.0", CUCM, AFFECTED, "listed"),
    ("cucm", "14SU2", CUCM, PROBABLY, "between-listed"),
    ("cucm", "14SU5", CUCM, NOTHING, None),
    ("cucm", "10.5.2.10000-5", CUCM_NVD, AFFECTED, "listed"),
    ("cucm", "11.5.1.12900-21", CUCM_NVD, AFFECTED, "listed"),
    ("cucm", "11.5.1.12900-21", CUCM, NOTHING, None),
]


def found(judge: ExposureJudge, os: str, version: str, cve: str, model: str = "") -> Statement | None:
    return next((each for each in judge.judge(os, version, model).statements if each.cve == cve), None)


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 100
    assert {row[0] for row in TABLE} == {"ios", "ios-xe", "nx-os", "aci", "asa", "ftd", "fxos", "ios-xr", "ise", "cucm"}


@pytest.mark.parametrize(("os", "version", "cve", "verdict", "basis"), TABLE)
def test_what_is_known_against_a_version(
    judge: ExposureJudge, os: str, version: str, cve: str, verdict: str | None, basis: str | None
) -> None:
    statement = found(judge, os, version, cve)
    assert (statement.verdict if statement else None, statement.basis if statement else None) == (verdict, basis)


@pytest.mark.parametrize(
    ("version", "model", "basis"),
    [
        ("7.0(3)I7(9)", "N9K-C93180YC-EX", "range"),  # the Nexus 9000's range ends at I7(10)
        ("7.0(3)I7(9)", "N3K-C3172PQ", None),  # the Nexus 3000's at I7(4)
        ("7.0(3)I7(3)", "N3K-C3172PQ", "range"),
        ("8.2(2)", "N77-C7706", "range"),
        ("8.2(2)", "DS-C9148S-K9", None),
        ("8.2(2)", "", "range"),  # without a model every family counts
    ],
)
def test_a_model_leaves_out_what_is_said_of_other_hardware(judge: ExposureJudge, version: str, model: str, basis: str | None) -> None:
    statement = found(judge, "nx-os", version, NEXUS, model)
    assert (statement.basis if statement else None) == basis


def test_an_exploited_vulnerability_comes_first_with_its_likelihood_and_its_fix(judge: ExposureJudge) -> None:
    first = judge.judge("ios-xe", "17.3.4a").statements[0]
    assert (first.cve, first.kev, first.epss, first.cvss, first.severity) == (UI, True, 0.94, 10.0, "critical")
    assert tuple(first.first_fixed) == ("17.3.8a",)
    assert (first.advisory, first.source, first.as_of) == ("cisco-sa-test-web", "nvd", "2026-11-01")


def test_a_union_is_one_statement_without_a_cve_that_carries_the_worst_of_its_cves(judge: ExposureJudge) -> None:
    statements = judge.judge("ios", "15.2(7)E9").statements
    union = next(each for each in statements if each.cve is None)
    assert (union.advisory, union.verdict, union.basis, union.kev, union.epss) == ("cisco-sa-test-union", "affected", "listed", True, 0.2)
    assert tuple(union.first_fixed) == ("15.2(7)E10",)
    assert tuple(union.cves) == (SMI, "CVE-2024-19999")
