"""A NOC's morning at the customers acme and beta: a core switch with what is behind it, a site that is not heard, maintenance, history."""

from dataclasses import replace

from natvakt_server.domain.incidents import Acknowledgement, Cause, Incident, IncidentChange, Maintenance, Member, SiteChange, Why
from natvakt_server.domain.notification import Severity
from natvakt_server.store.estate.incidents import SqlIncidentWriter
from testkit.console import NOW_NS, ConsoleHouse

MINUTE_NS = 60_000_000_000


def ago(minutes: int) -> int:
    return NOW_NS - minutes * MINUTE_NS


CORE = Incident("core-1", "acme", "hq", Cause.DEVICE_DOWN, "d1", "hq-core1", "", Severity.CRITICAL, ago(47), ago(46), members=3)
UNHEARD = replace(CORE, id="unheard", tenant="beta", cause=Cause.SITE_DOWN, device="", name="Kontoret", members=2)
BUSY = replace(
    CORE, id="busy", cause=Cause.CPU_HIGH, device="d4", name="branch-rtr1", site="branch", severity=Severity.WARNING, members=0, part="1"
)
FLAPPING = replace(BUSY, id="flapping", cause=Cause.INTERFACE_FLAPPING, name="hq-acc3", part="Gi1/0/17", severity=Severity.INFORMATION)
PLANNED = replace(BUSY, id="planned", cause=Cause.DEVICE_DOWN, name="branch-acc2", maintenance="m1")
OVER = replace(CORE, id="over", name="hq-dist1", cleared_ns=ago(10), late=True, members=0)

BEHIND = (
    Member("d2", "hq-acc1", "device-down", "", Why.BEHIND, ago(46)),
    Member("d3", "hq-acc2", "device-down", "", Why.BEHIND, ago(46), ago(3)),
    Member("d5", "hq-edge1", "interface-down", "Te1/0/3", Why.PART_OF, ago(47)),
)
UNSEEN = tuple(Member(f"b{number}", f"beta-sw{number}", "", "", Why.NOT_OBSERVED, ago(12)) for number in range(2))


def tell_alerts(house: ConsoleHouse) -> None:
    writer, book = SqlIncidentWriter(house.engine), house.ports.incidents
    members = {CORE.id: BEHIND, UNHEARD.id: UNSEEN}
    for each in (CORE, UNHEARD, BUSY, FLAPPING, PLANNED, OVER):
        revision = writer.memory(each.tenant, each.site).revision
        writer.commit(SiteChange(each.tenant, each.site, b"{}", revision, 0, [IncidentChange(each, members.get(each.id, ()))]))
    book.acknowledge("acme", Acknowledgement(CORE.id, "Erik Lund", ago(30), NOW_NS + 200 * MINUTE_NS, "åker dit med en ny"), 0)
    once = Maintenance("m1", "acme", "branch", "", ago(60), NOW_NS + 120 * MINUTE_NS, "byte av växlar på plan 2", "Olga Ek", NOW_NS)
    book.plan(once)
    end_ns = NOW_NS + 60_000 * MINUTE_NS
    book.plan(replace(once, id="m2", site="", end_ns=end_ns, weekdays=(1, 3), start_minute=150, minutes=90, time_zone="Europe/Stockholm"))
