"""Expectations and standings of backups, over both databases."""

from dataclasses import replace

from natvakt_server.domain.backup_jobs.expecting import Said
from natvakt_server.domain.backup_jobs.judging import Origin, Reason, State
from natvakt_server.domain.backup_jobs.standing import Standing, Turn, What
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.rights import Scope
from natvakt_server.domain.tiers import MINUTE_NS
from natvakt_server.store.estate.backups import SqlBackups
from sqlalchemy import Engine
from testkit.sql_estate import SqlEstate

SAID = Said("acme", "device-1", "nightly", "daily 02:00", "Europe/Stockholm", 3600, 5, "anna")
OK = Standing("acme", "device-1", "nightly", State.OK, Reason.DONE, 10, 10, 9, Origin.PERSON, "daily 02:00", success_ns=8, bytes=7)


def device_at(estate: SqlEstate, tenant: str, site: str, name: str) -> str:
    rows = [{"name": name, "serial": f"{tenant}{site}{name}", "model": "C9200L", "os": "ios-xe"}]
    estate.apply([DocumentEffect(f"{tenant}-{site}-{name}", "device", 50, "a", rows)], tenant, site)
    return next(d.id for d in estate.devices(tenant, site) if d.name == name)


def test_what_a_person_expects_is_kept_replaced_and_forgotten_within_its_customer(engine: Engine) -> None:
    backups = SqlBackups(engine)
    backups.expect(SAID)
    backups.expect(replace(SAID, tenant="beta"))
    backups.expect(replace(SAID, schedule="every 6h", by="bo\x00ek"))
    assert backups.expectations("acme") == [replace(SAID, schedule="every 6h", by="bo ek")]
    assert len(backups.expectations(None)) == 2
    assert backups.forget("acme", "device-1", "nightly")
    assert not backups.forget("acme", "device-1", "nightly")
    assert [each.tenant for each in backups.expectations(None)] == ["beta"]


def test_a_state_keeps_its_beginning_and_a_turn_is_told_once(engine: Engine) -> None:
    backups = SqlBackups(engine)
    assert backups.keep("acme", [OK]) == [Turn(OK, None)]
    assert backups.keep("acme", [replace(OK, since_ns=20, judged_ns=20)]) == []
    assert backups.kept("acme") == [OK], "nothing new is not written anew"
    assert backups.keep("acme", [replace(OK, since_ns=20, judged_ns=20, bytes=8)]) == []
    assert backups.kept("acme") == [replace(OK, since_ns=10, judged_ns=20, bytes=8)]
    an_hour_later = replace(OK, judged_ns=10 + 60 * MINUTE_NS, told_ns=10 + 60 * MINUTE_NS, bytes=8)
    assert backups.keep("acme", [an_hour_later]) == []
    assert backups.kept("acme") == [an_hour_later]
    late = replace(OK, state=State.LATE, reason=Reason.OVERDUE, since_ns=30, judged_ns=30, late_ns=4, missed=1, detail="a\x00b")
    assert backups.keep("acme", [late]) == [Turn(late, State.OK)]
    assert backups.kept("acme") == [replace(late, detail="a b")]
    assert backups.keep("acme", []) == []
    assert backups.kept("acme") == []


def test_standings_are_listed_within_the_scope(engine: Engine) -> None:
    estate, backups = SqlEstate(engine), SqlBackups(engine)
    places = [("acme", "hq"), ("acme", "branch"), ("beta", "hq")]
    ids = {place: device_at(estate, *place, "srv") for place in places}
    for tenant in ("acme", "beta"):
        here = [replace(OK, tenant=tenant, device=ids[place]) for place in places if place[0] == tenant]
        backups.keep(tenant, [*here, replace(OK, tenant=tenant, device="gone")])

    def seen(scope: Scope, tenant: str | None = None) -> set[tuple[str, str, str]]:
        return {(each.standing.tenant, each.site, each.device_name) for each in backups.standings(What.JOBS, tenant, scope)}

    everything = {(*place, "srv") for place in places} | {("acme", "", ""), ("beta", "", "")}
    assert seen(Scope(everywhere=True)) == everything
    assert seen(Scope(tenants=frozenset({"acme"}))) == {each for each in everything if each[0] == "acme"}
    assert seen(Scope(sites=frozenset({("acme", "hq")}))) == {("acme", "hq", "srv")}
    assert seen(Scope(everywhere=True), "beta") == {each for each in everything if each[0] == "beta"}
    assert seen(Scope(tenants=frozenset({"acme"})), "beta") == set()
    place = ("acme", ids["acme", "branch"], "nightly")
    assert backups.standing(*place) is not None
    assert backups.standing(*place, Scope(sites=frozenset({("acme", "hq")}))) is None


def test_configurations_are_counted_and_those_that_are_not_well_listed_alone(engine: Engine) -> None:
    estate, backups = SqlEstate(engine), SqlBackups(engine)
    here, there = device_at(estate, "acme", "hq", "hq-acc1"), device_at(estate, "acme", "branch", "br-acc1")
    good, late = replace(OK, device=here, job=""), replace(OK, device=there, job="", state=State.LATE)
    backups.keep("acme", [good, late, OK])
    assert backups.configuration_counts() == {State.OK: 1, State.LATE: 1}
    assert backups.configuration_counts("acme", Scope(sites=frozenset({("acme", "hq")}))) == {State.OK: 1}
    assert [each.standing for each in backups.standings(What.UNWELL_CONFIGURATIONS)] == [late]
    assert {each.device_name for each in backups.standings(What.CONFIGURATIONS)} == {"hq-acc1", "br-acc1"}


def test_a_customer_without_configurations_has_none_to_judge(engine: Engine) -> None:
    device_at(SqlEstate(engine), "acme", "hq", "hq-acc1")
    assert SqlBackups(engine).told_configurations("acme") == []


def test_the_jobs_told_of_a_device_are_read_with_its_agents_name(engine: Engine) -> None:
    estate, backups = SqlEstate(engine), SqlBackups(engine)
    device = device_at(estate, "acme", "hq", "srv")
    estate.apply([DocumentEffect("acme-hq-srv", "backup_job", 60, "b", [{"job": "nightly", "kind": "restic"}])])
    (told,) = backups.told_jobs("acme")
    assert (told.device, told.agent_device, told.confirmed_ns) == (device, "acme-hq-srv", 60)
    assert told.rows == [{"job": "nightly", "kind": "restic"}]
    assert backups.told_jobs("beta") == []
