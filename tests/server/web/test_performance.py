"""A customer's performance, as the newest assessment measured it."""

import msgspec
from natvakt_server.reports.performance_model import LinkLoad, Load, Performance, PortErrors, Trend
from testkit.console import NOW_NS, Browser, ConsoleHouse, of_tenant, renamed
from testkit.report import assessed, device, evidence

MEASURED = Performance(
    links=(LinkLoad("hq-acc1", "Gi1/0/1", "hq-core", 912.0, 1000.0, 91.2),),
    trends=(
        Trend("hq-acc1", "flash", 91.0, 0.45, 0.99, 20.0, True, "2026-12-15"),
        Trend("hq-acc1", "Processor", 40.0, 0.0, 0.02, None, True),
    ),
    processors=(Load("hq-acc1", "Switch 1", 63.0, 21.5),),
    errors=(PortErrors("hq-acc1", "Gi1/0/48", 812, 4_000_000, 0.0203),),
)


def tell(house: ConsoleHouse) -> str:
    switch = house.add_switch()
    document = assessed(of_tenant(evidence(device(id=switch), as_of_ns=NOW_NS), "acme"))
    house.save(msgspec.structs.replace(renamed(document, house.ids()), performance=MEASURED), NOW_NS)
    return switch


def test_a_page_tells_what_is_busy_broken_and_full(house: ConsoleHouse, engineer: Browser) -> None:
    switch = tell(house)
    page = engineer.get("/customers/acme/performance").text
    for told in ("912\u00a0Mbit/s", "91.2\u00a0%", "0.0203\u00a0%", "2026-12-15", "no steady growth", "63.0\u00a0%"):
        assert told in page, told
    assert f"/customers/acme/devices/{switch}" in page


def test_each_table_is_exported(house: ConsoleHouse, engineer: Browser) -> None:
    tell(house)
    lines = engineer.get("/customers/acme/performance?csv=errors").text.splitlines()
    assert lines[1].split(",")[:2] == ["hq-acc1", "Gi1/0/48"]


def test_without_an_assessment_the_next_step_is_named(engineer: Browser) -> None:
    assert "natvakt-server assess run acme/all --wait" in engineer.get("/customers/acme/performance").text


def test_there_is_no_performance_of_nobody(engineer: Browser) -> None:
    assert engineer.get("/customers/nobody/performance").status_code == 404
