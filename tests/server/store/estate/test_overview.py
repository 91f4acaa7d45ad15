"""The first screenfuls: right numbers, one statement each, whatever their length."""

from dataclasses import replace

import pytest
from contracts.assessments_contract import assessment
from contracts.estate_contract import ONE, SECOND_NS, T0, THREE, TWO, Said
from natvakt_server.domain.identity import AgentRecord, AgentState, IdentityKey
from natvakt_server.store.estate.agents import SqlAgentRegistry
from natvakt_server.store.estate.assessments import SqlAssessmentStore
from natvakt_server.store.estate.overview import SqlEstateOverview
from sqlalchemy import Engine
from testkit.flaky_database import recorded_statements
from testkit.sql_estate import SqlEstate

FRESH = T0 + 100 * SECOND_NS


@pytest.fixture
def estate(engine: Engine) -> SqlEstate:
    estate = SqlEstate(engine)
    estate.apply([ONE.device(0, serial="A"), TWO.device(200, serial="B")])
    estate.apply([THREE.device(name="never answered", poll_address="10.0.0.9")])
    estate.apply([Said("nothing told").table("collection", [{"table": "cpu", "status": "unreachable"}])])
    estate.apply([ONE.device(200, serial="C")], site="branch")
    registry = SqlAgentRegistry(engine)
    for number, (site, state, seen_ns) in enumerate(
        [("hq", AgentState.ACTIVE, FRESH), ("branch", AgentState.ACTIVE, T0), ("branch", AgentState.REVOKED, FRESH)]
    ):
        record = AgentRecord(f"agent-{number}", "acme", site, state, T0, seen_ns)
        registry.enrol(record, IdentityKey(record.id, bytes(32), bytes(32), T0))
    return estate


def test_a_customer_tile_tells_devices_agents_and_the_newest_scores(estate: SqlEstate) -> None:
    store = SqlAssessmentStore(estate.engine)
    for number in (1, 2):
        store.save(assessment(number))
    acme, beta = SqlEstateOverview(estate.engine).customers_overview(FRESH)
    assert (acme.customer.tenant, acme.sites, acme.devices, acme.stale_devices, acme.silent_devices) == ("acme", 2, 4, 1, 1)
    assert (acme.agents, acme.silent_agents) == (2, 1)
    assert (acme.assessment_id, acme.scores, acme.coverage) == ("a2", {"core": 71.2, "security": None}, {"core": 93.0})
    assert (beta.devices, beta.agents, beta.assessment_id, beta.assessed_ns, beta.scores) == (0, 0, None, None, {})


def test_a_site_row_tells_its_own_numbers_only(estate: SqlEstate) -> None:
    branch, hq = SqlEstateOverview(estate.engine).sites_overview("acme", FRESH)
    assert (branch.site.site, branch.devices, branch.stale_devices, branch.silent_devices) == ("branch", 1, 0, 0)
    assert (branch.agents, branch.silent_agents, branch.agent_seen_ns) == (1, 1, T0)
    assert (hq.site.site, hq.devices, hq.stale_devices, hq.silent_devices) == ("hq", 3, 1, 1)
    assert [site.devices for site in SqlEstateOverview(estate.engine).sites_overview("beta", FRESH)] == [0, 0]


def test_a_replaced_device_is_not_counted(estate: SqlEstate) -> None:
    estate.apply([TWO.device(300, serial="B2")])
    acme, _ = SqlEstateOverview(estate.engine).customers_overview(FRESH)
    assert acme.devices == 4


def test_no_list_costs_a_statement_a_row(estate: SqlEstate) -> None:
    estate.apply([Said(f"more-{number}").device(serial=f"M{number}") for number in range(50)])
    overview = SqlEstateOverview(estate.engine)
    for statements, read in [
        (1, lambda: overview.customers_overview(FRESH)),
        (1, lambda: overview.sites_overview("acme", FRESH)),
        (3, lambda: estate.devices("acme")),
        (3, lambda: estate.devices("acme", "hq")),
    ]:
        with recorded_statements(estate.engine) as record:
            assert read()
        assert len(record.texts) == statements


def test_a_tile_tells_what_was_found_and_the_scores_of_the_time_before(estate: SqlEstate) -> None:
    store = SqlAssessmentStore(estate.engine)
    for number, core in ((1, 60.0), (2, 70.0), (3, 80.0)):
        store.save(replace(assessment(number), scores={"core": core}))
    acme, beta = SqlEstateOverview(estate.engine).customers_overview(FRESH)
    assert (acme.scores, acme.previous_scores, acme.counts) == ({"core": 80.0}, {"core": 70.0}, {"critical": 1, "high": 2})
    assert (beta.scores, beta.previous_scores, beta.counts) == ({}, {}, {})


def test_one_customer_alone_is_told_the_same(estate: SqlEstate) -> None:
    overview = SqlEstateOverview(estate.engine)
    assert [overview.customers_overview(FRESH, tenant)[0] for tenant in ("acme", "beta")] == overview.customers_overview(FRESH)
    assert overview.customers_overview(FRESH, "nobody") == []
