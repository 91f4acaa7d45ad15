"""`/metrics`: what the server tells of itself, and to whom."""

import re
from dataclasses import replace

import pytest
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.jobs import ASSESSMENT, Job
from natvakt_server.domain.notifying import FAILED, StoredOccasion
from natvakt_server.notify.routing import message_to
from natvakt_server.store.estate.outbox import SqlOutbox
from natvakt_server.web.api.exposition import Metric, Sample, written
from natvakt_server.web.api.house import ApiPorts
from natvakt_server.web.application import create_application
from testkit.api import Program
from testkit.console import ConsoleHouse, compiled_templates
from testkit.notifying import destination, occasion
from testkit.two_customers import furnish_incidents
from werkzeug.test import TestResponse


def scrape(house: ConsoleHouse, address: str = "127.0.0.1", **headers: str) -> TestResponse:
    return Program(house, address=address).ask("GET", "/metrics", {name.replace("_", "-"): value for name, value in headers.items()})


def figures(answer: TestResponse) -> dict[str, float]:
    assert answer.status_code == 200, answer.text
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in answer.text.splitlines() if not line.startswith("#")}


def with_token(house: ConsoleHouse, token: bytes) -> ConsoleHouse:
    api: ApiPorts = replace(house.api, watch=replace(house.api.watch, token=token))
    house.application = create_application(house.ports, house.settings, house.surroundings, compiled_templates(), api)
    return house


def test_the_server_tells_how_it_is(house: ConsoleHouse) -> None:
    house.add_agent()
    house.add_agent("quiet", seen_ago_seconds=3600, certificate_not_after_ns=house.clock.now_ns - 1)
    house.jobs.add_job(Job("j", ASSESSMENT, "acme", {}, "failed"))
    furnish_incidents(house, "acme", house.add_switch(), "hq-acc1")
    answer = scrape(house)
    told = figures(answer)
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert told['natvakt_info{version="0.1.0"}'] == 1
    assert (told["natvakt_database_up"], told["natvakt_ingest_lag_seconds"]) == (1, 0)
    assert (told['natvakt_agents{state="active"}'], told["natvakt_agents_silent"], told["natvakt_agents_certificate_over"]) == (2, 1, 1)
    assert told['natvakt_jobs{kind="assessment",state="failed"}'] == 1
    assert told['natvakt_inbox_batches{state="waiting"}'] == 0
    assert told["natvakt_disk_free_bytes"] == 3 * 2**30
    assert told['natvakt_incidents_open{severity="critical"}'] == 1
    assert {name.partition("{")[0] for name in told} <= set(re.findall(r"# TYPE (\w+) gauge", answer.text))


def test_without_a_token_only_this_machine_reads_it(house: ConsoleHouse) -> None:
    assert scrape(house, "::1").status_code == 200
    assert scrape(house, "192.0.2.1").status_code == 403
    for header in ("X_Forwarded_For", "Forwarded", "Via"):
        assert scrape(house, "127.0.0.1", **{header: "192.0.2.1"}).status_code == 403


def test_with_a_token_whoever_has_it_reads_it_and_nobody_else(house: ConsoleHouse) -> None:
    with_token(house, b"scrape-me")
    assert scrape(house, "192.0.2.1", Authorization="Bearer scrape-me").status_code == 200
    for wrong in ("Bearer scrape", "Basic scrape-me", "", "Bearer ö"):
        assert scrape(house, "127.0.0.1", Authorization=wrong).status_code == 401
    assert "scrape-me" not in repr(house.api)


def test_it_answers_while_the_database_is_away(house: ConsoleHouse) -> None:
    class Away:
        def vitals(self, heard_since_ns: int, now_ns: int) -> None:
            raise StoreUnavailable("gone")

    house.api = replace(house.api, watch=replace(house.api.watch, vitals=Away()))  # type: ignore[arg-type]
    told = figures(scrape(with_token(house, b""), "127.0.0.1"))
    assert told["natvakt_database_up"] == 0
    assert "natvakt_inbox_bytes" not in told
    assert "natvakt_disk_free_bytes" in told


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb"])
def test_promise_39_a_label_stays_one_label(text: str) -> None:
    lines = written([Metric("natvakt_x", "help\nme", [Sample(1.5, {"name": text})])]).decode().splitlines()
    assert len(lines) == 3
    assert lines[2] == 'natvakt_x{name="' + {'a"b': 'a\\"b', "a\\b": "a\\\\b", "a\nb": "a\\nb"}[text] + '"} 1.5'


def test_messages_that_wait_or_did_not_arrive_are_counted(house: ConsoleHouse) -> None:
    told = occasion(at_ns=house.clock.now_ns)
    messages = [message_to(StoredOccasion(0, told), destination(), f"{n}@norrsken.example", house.clock.now_ns, f"m{n}") for n in range(3)]
    house.ports.notifying.log.put(told, messages)
    SqlOutbox(house.engine).update([replace(messages[0], state=FAILED)])
    house.clock.move(90)
    shown = figures(scrape(house))
    assert [shown[f'natvakt_messages{{state="{state}"}}'] for state in ("sent", "waiting", "failed")] == [0, 2, 1]
    assert shown["natvakt_message_delay_seconds"] == 90


def test_no_figure_is_told_twice(house: ConsoleHouse) -> None:
    names = [line.rpartition(" ")[0] for line in scrape(house).text.splitlines()]
    assert len(names) == len(set(names))
