"""What every store of incidents must do. Subclass `IncidentsContract` and give it `writer`, `book` and `land`."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

import pytest
from natvakt_server.domain.incidents import (
    Acknowledgement,
    AlreadyTaken,
    Cause,
    Incident,
    IncidentBook,
    IncidentChange,
    IncidentWriter,
    Maintenance,
    Member,
    SiteChange,
    Why,
)
from natvakt_server.domain.notification import Kind, Occasion, Severity
from natvakt_server.domain.observation import Aspect, Observed

NOW_NS = 1_800_000_000_000_000_000
HOUR_NS = 3_600_000_000_000
Land = Callable[[str, str, list[Observed]], None]


def incident(number: int = 1, **changes: object) -> Incident:
    base = Incident(
        f"i{number}", "acme", "hq", Cause.DEVICE_DOWN, "d1", "Kärna 1", "", Severity.CRITICAL, NOW_NS + number, NOW_NS + number + 60
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def member(device: str = "d2", **changes: object) -> Member:
    base = Member(device, f"{device} åäö", "device-down", "", Why.BEHIND, NOW_NS)
    return replace(base, **changes)  # type: ignore[arg-type]


def change(*incidents: IncidentChange, revision: int = 0, mark: int = 0, occasions: tuple[Occasion, ...] = ()) -> SiteChange:
    return SiteChange("acme", "hq", b'{"x":1}', revision, mark, incidents, occasions)


def taken(until_ns: int = NOW_NS + HOUR_NS, by: str = "erik", number: int = 1) -> Acknowledgement:
    return Acknowledgement(f"i{number}", by, NOW_NS, until_ns, "på väg")


def planned(number: int = 1, **changes: object) -> Maintenance:
    base = Maintenance(f"m{number}", "acme", "hq", "", NOW_NS, NOW_NS + HOUR_NS, "byte av kärna", "olga", NOW_NS)
    return replace(base, **changes)  # type: ignore[arg-type]


class IncidentsContract:
    @pytest.fixture
    @abstractmethod
    def writer(self) -> IncidentWriter: ...

    @pytest.fixture
    @abstractmethod
    def book(self) -> IncidentBook: ...

    @pytest.fixture
    @abstractmethod
    def land(self) -> Land: ...

    def test_what_landed_comes_back_in_order_and_is_gone_once_it_was_looked_at(self, writer: IncidentWriter, land: Land) -> None:
        first = Observed("a1", Aspect.ANSWER, "icmp", [NOW_NS, NOW_NS + 1], [1.0, 0.0])
        second = Observed("a2", Aspect.PORTS, "3,7", [NOW_NS], [2.0])
        land("acme", "hq", [first])
        land("acme", "branch", [second])
        land("acme", "hq", [second])
        one, other, third = writer.landed(10)
        assert (one.site, one.observed, other.site, other.observed) == ("hq", [first], "branch", [second])
        assert one.mark < other.mark < third.mark
        assert writer.commit(change(mark=one.mark))
        assert [each.mark for each in writer.landed(10)] == [other.mark, third.mark]
        assert [each.mark for each in writer.landed(1)] == [other.mark]

    def test_nothing_observed_is_no_row(self, writer: IncidentWriter, land: Land) -> None:
        land("acme", "hq", [])
        assert writer.landed(10) == []

    def test_a_memory_is_written_over_the_one_it_was_made_from_only(self, writer: IncidentWriter) -> None:
        assert writer.memory("acme", "hq").revision == 0
        assert writer.commit(change(IncidentChange(incident())))
        assert writer.memory("acme", "hq").state == b'{"x":1}'
        assert writer.memory("acme", "hq").revision == 1
        assert not writer.commit(change(IncidentChange(incident(2)))), "somebody looked meanwhile"
        assert writer.commit(change(revision=1))
        assert not writer.commit(change(revision=1))

    def test_an_incident_comes_back_as_it_is_now_with_what_it_explains(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident(members=2), [member("d2"), member("d3", until_ns=NOW_NS + 5)])))
        assert book.open_incidents("acme") == [incident(members=2)]
        assert book.members("acme", "i1") == [member("d2"), member("d3", until_ns=NOW_NS + 5)]
        writer.commit(change(IncidentChange(incident(cleared_ns=NOW_NS + 99, members=1), [member("d2")]), revision=1))
        assert book.open_incidents() == []
        assert book.history(0, 10) == [incident(cleared_ns=NOW_NS + 99, members=1)]
        assert book.members("acme", "i1") == [member("d2")]

    def test_the_worst_comes_first_then_the_newest(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(
            change(*(IncidentChange(incident(n, severity=s)) for n, s in enumerate((Severity.WARNING, *[Severity.CRITICAL] * 2))))
        )
        assert [each.id for each in book.open_incidents()] == ["i2", "i1", "i0"]

    def test_what_is_in_maintenance_comes_last(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident(1, maintenance="m1")), IncidentChange(incident(2, severity=Severity.WARNING))))
        assert [each.id for each in book.open_incidents()] == ["i2", "i1"]

    def test_another_customer_sees_nothing(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident(), [member()])))
        assert book.open_incidents("beta") == []
        assert book.incident("beta", "i1") is None
        assert book.members("beta", "i1") == []
        with pytest.raises(LookupError):
            book.acknowledge("beta", taken(), 0)
        assert book.acknowledgements("beta", "i1") == []

    def test_of_some_customers_at_once_and_of_none(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(
            change(IncidentChange(incident(1)), IncidentChange(incident(2, tenant="beta")), IncidentChange(incident(3, tenant="gamma")))
        )
        assert {each.id for each in book.open_incidents(["acme", "gamma"])} == {"i1", "i3"}
        assert book.open_incidents([]) == []
        assert book.history(0, 10, []) == []
        assert book.maintenances([]) == []

    def test_who_takes_it_has_it_and_a_new_look_does_not_take_it_away(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident())))
        got = book.acknowledge("acme", taken(), 0)
        assert (got.owner, got.owner_until_ns, got.claims) == ("erik", NOW_NS + HOUR_NS, 1)
        writer.commit(change(IncidentChange(incident(members=4)), revision=1))
        found = book.incident("acme", "i1")
        assert found is not None
        assert (found.owner, found.claims, found.members) == ("erik", 1, 4)
        assert book.acknowledgements("acme", "i1") == [taken()]

    def test_two_at_once_the_second_is_told_who_was_first(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident())))
        book.acknowledge("acme", taken(by="erik"), 0)
        with pytest.raises(AlreadyTaken) as refused:
            book.acknowledge("acme", taken(by="olga"), 0)
        assert refused.value.incident.owner == "erik"
        book.acknowledge("acme", taken(by="olga"), 1)
        found = book.incident("acme", "i1")
        assert found is not None
        assert found.owner == "olga"

    def test_an_incident_can_be_given_back(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident())))
        book.acknowledge("acme", taken(), 0)
        got = book.acknowledge("acme", taken(until_ns=0), 1)
        assert (got.owner, got.owner_until_ns) == ("", 0)

    def test_an_owner_whose_time_is_out_has_it_no_longer(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident(1)), IncidentChange(incident(2))))
        book.acknowledge("acme", taken(number=1), 0)
        book.acknowledge("acme", taken(NOW_NS + 2 * HOUR_NS, number=2), 0)

        def tell(each: Incident) -> Occasion:
            return Occasion(f"{each.id}/released", "acme", "hq", each.id, Kind.UPDATED, each.severity, NOW_NS, each.cause.value)

        assert [(each.id, each.owner, each.claims) for each in writer.release_owners(NOW_NS + HOUR_NS, tell)] == [("i1", "", 2)]
        assert writer.release_owners(NOW_NS + HOUR_NS, tell) == []

    def test_what_is_long_over_is_forgotten_with_everything_that_belongs_to_it(self, writer: IncidentWriter, book: IncidentBook) -> None:
        writer.commit(change(IncidentChange(incident(1), [member()]), IncidentChange(incident(2))))
        book.acknowledge("acme", taken(), 0)
        writer.commit(change(IncidentChange(incident(1, cleared_ns=NOW_NS + 5), [member()]), revision=1))
        book.plan(planned(1, end_ns=NOW_NS + 5))
        assert writer.expire_incidents(NOW_NS + 5) == 0
        assert writer.expire_incidents(NOW_NS + 6) == 2
        assert [each.id for each in book.open_incidents()] == ["i2"]
        assert book.history(0, 10) == []
        assert (book.members("acme", "i1"), book.acknowledgements("acme", "i1"), book.maintenances()) == ([], [], [])

    def test_maintenance_once_and_every_week(self, book: IncidentBook) -> None:
        weekly = planned(2, weekdays=(1, 3), start_minute=120, minutes=60, time_zone="Europe/Stockholm", start_ns=NOW_NS + 1)
        for each in (planned(1), weekly, weekly):
            book.plan(each)
        assert book.maintenances("acme", NOW_NS) == [planned(1), weekly]
        assert book.maintenances("beta") == []
        assert book.maintenances(None, NOW_NS + 2 * HOUR_NS) == []

    def test_a_maintenance_can_be_ended_once_by_its_own_customer(self, book: IncidentBook) -> None:
        book.plan(planned(1))
        assert not book.end_maintenance("beta", "m1", NOW_NS + 1)
        assert book.end_maintenance("acme", "m1", NOW_NS + 1)
        assert not book.end_maintenance("acme", "m1", NOW_NS + 2)
        assert book.maintenances("acme", NOW_NS + 2) == []
