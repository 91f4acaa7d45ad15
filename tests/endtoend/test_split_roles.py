"""Gateway, worker and console as processes of their own, over PostgreSQL and InfluxDB: hurt one after the other, equal in the end."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from services.influxdb import InfluxServer
from services.postgres import PrivatePostgres
from testkit.databases import administer
from testkit.endtoend import Backends, Line, closing, free_ports, until
from testkit.spans import STEPS
from testkit.totals import backlog_of, received

pytestmark = [pytest.mark.slow, pytest.mark.service("postgres"), pytest.mark.service("influxd")]
INFLUX_GONE_FROM, INFLUX_BACK_AT = 2, 2 + 5  # steps of an hour


@pytest.fixture
def split(template: Line, tmp_path: Path, postgres: PrivatePostgres, influx_server: InfluxServer) -> Iterator[Line]:
    database = f"split_{secrets.token_hex(4)}"
    administer(postgres, f"CREATE DATABASE {database}")
    backends = Backends(
        f'[database]\nurl = "{postgres.url(database).replace("postgresql:", "postgresql+psycopg:")}"\n'
        f'[series]\nstore = "influxdb"\nurl = "{influx_server.url}"\norg = "{influx_server.organisation}"\n'
        f'token_file = "{tmp_path / "line" / "influx-token"}"',
        {"influx-token": influx_server.token},
    )
    uplink, enrolment, console = free_ports(3)
    folder = tmp_path / "line"
    folder.mkdir()
    line = replace(
        template,
        folder=folder,
        running={},
        backends=backends,
        roles=("worker", "gateway", "console"),
        uplink_port=uplink,
        enrolment_port=enrolment,
        console_port=console,
    )
    yield from closing(line)


def test_every_process_and_influxdb_die_in_turn_and_the_server_holds_what_it_should(split, undisturbed, influx_server):
    span = undisturbed.span
    split.found()
    split.start_server()
    split.enrol()
    assert not (split.state_of("gateway") / "server" / "keys").exists(), "the gateway has no key to read"

    span.poll(split, 0, INFLUX_GONE_FROM)
    span.deliver(split)

    influx_server.stop()
    span.poll(split, INFLUX_GONE_FROM, INFLUX_BACK_AT)
    span.start_delivery(split)
    until(lambda: received(split) > 0, "the gateway takes in")
    split.running.pop("gateway").kill()
    split.start_role("gateway")
    until(lambda: split.connected() and split.pending() == 0, "acknowledged without InfluxDB")
    split.stop_agent()
    assert backlog_of(split).pending > 0, "what InfluxDB cannot take waits in the inbox"

    influx_server.start()
    until(lambda: backlog_of(split).pending < 4, "the worker goes on", 120)
    split.running.pop("worker").kill()
    split.start_role("worker")
    span.poll(split, INFLUX_BACK_AT, STEPS)
    span.deliver(split)
    assert backlog_of(split).quarantined == 0
    assert span.finish(split) == undisturbed.totals


def test_enrolment_waits_for_no_key_in_the_gateway_and_says_when_no_worker_answers(split):
    split.found()
    split.start_server()
    token = split.token()
    split.running.pop("worker").kill()
    with pytest.raises(AssertionError, match="no hand free"):
        split.enrol(token)
    split.start_role("worker")
    split.running["worker"].says("serves as worker ")
    split.enrol(token)
