"""What only a store over a network must do: stand its server's absence, and find out which points it does not take."""

import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.store.timeseries.flux import result_tables
from natvakt_server.store.timeseries.influx_connection import InfluxConnection, InfluxSettings, Refused
from natvakt_server.store.timeseries.influx_store import InfluxSeries
from natvakt_server.store.timeseries.influx_writing import LineWriter, Refusal
from natvakt_server.store.timeseries.line_protocol import PointLine
from services.influxdb import InfluxServer
from testkit.influxdb import influx_server, settings_of
from testkit.series import Ask, StandingClock, batch, interface_table, minutes, points

__all__ = ["influx_server"]

service = pytest.mark.service("influxd")


def write_raw(settings: InfluxSettings, bucket: str, lines: Sequence[PointLine]) -> Sequence[Refusal]:
    connection = InfluxConnection(settings)
    refusals = LineWriter(connection, settings.organisation).write(bucket, lines)
    connection.close()
    return refusals


@service
def test_promise_24_a_server_that_goes_away_is_said_so_and_a_repeat_loses_and_doubles_nothing(influx_server: InfluxServer) -> None:
    store = InfluxSeries(settings_of(influx_server, "away"), StandingClock(), "tests")
    tables = [interface_table([minutes(0), minutes(1)], ifHCInOctets=[1, 2])]
    store.write(batch(1), tables)
    influx_server.stop()
    for ask in (
        lambda: store.write(batch(2), [interface_table([minutes(2)], ifHCInOctets=[3])]),
        lambda: store.lines("acme", Ask().query()),
        lambda: store.latest("acme", "interface", ["device-1"], 0),
        lambda: store.touched(1),
        lambda: InfluxSeries(settings_of(influx_server, "away"), StandingClock(), "late").write(batch(3), tables),
    ):
        with pytest.raises(SeriesUnavailable, match=r"InfluxDB at http://127\.0\.0\.1"):
            ask()
    influx_server.start()
    store.write(batch(1), tables)
    store.write(batch(2), [interface_table([minutes(2)], ifHCInOctets=[3])])
    assert points(store.lines("acme", Ask().query())[0]) == [(0, 1), (1, 2), (2, 3)]
    store.close()


@service
def test_promise_25_a_point_that_influxdb_refuses_is_named_and_all_others_are_stored(influx_server: InfluxServer) -> None:
    settings = settings_of(influx_server, "partial")
    store = InfluxSeries(settings, StandingClock(), "tests")
    store.write(batch(1), [interface_table([minutes(0)], ifHCInOctets=[1])])
    # Somebody else wrote a field of ours with another type into our bucket.
    foreign = PointLine('interface,device=device-1,ifIndex=9,site=hq,tenant=acme ifInErrors="text" ' + str(minutes(0)), 1)
    write_raw(settings, "partial_raw", [foreign])
    tables = [interface_table([minutes(at) for at in range(50)], index=index, ifHCInOctets=range(50)) for index in "123"]
    tables.append(interface_table([minutes(0), minutes(1)], index="4", ifInErrors=[5, 6]))
    result = store.write(batch(2), tables)
    assert result.written == 150
    assert {(entry.measurement, entry.points) for entry in result.rejected} == {("interface", 1)}
    assert len(result.rejected) == 2
    assert all("field type conflict" in entry.reason for entry in result.rejected)
    assert [len(line.times_ns) for line in store.lines("acme", Ask().query())] == [50, 50, 50]
    store.close()


@service
def test_promise_21_points_outside_the_retention_of_a_bucket_are_refused_at_once(influx_server: InfluxServer) -> None:
    """The clocks of natvakt and of InfluxDB differ: to the latter these points are years off."""
    clock = StandingClock(1_000_000_000_000_000_000)
    store = InfluxSeries(settings_of(influx_server, "retention", limit_bucket_retention=True), clock, "tests")
    times = [clock.now_ns - step for step in range(40)]
    result = store.write(batch(), [interface_table(times, ifHCInOctets=range(40))])
    assert result.written == 0
    assert sum(entry.points for entry in result.rejected) == 40
    assert all("outside retention policy" in entry.reason for entry in result.rejected)
    store.close()


@service
def test_good_lines_are_stored_beside_one_that_cannot_be_parsed(influx_server: InfluxServer) -> None:
    settings = settings_of(influx_server, "parse")
    store = InfluxSeries(settings, StandingClock(), "tests")
    assert not store.touched(1)
    lines = [PointLine(f"interface,device=device-1,ifIndex=1,site=hq,tenant=acme ifHCInOctets={at}u {minutes(at)}", 1) for at in range(9)]
    lines[4] = PointLine("this is no line", 1)
    refusals = write_raw(settings, "parse_raw", lines)
    assert [place for place, _ in refusals] == [4]
    assert [at for at, _ in points(store.lines("acme", Ask().query())[0])] == [0, 1, 2, 3, 5, 6, 7, 8]
    store.close()


@service
def test_a_wrong_token_asks_to_check_the_token_and_does_not_show_it(influx_server: InfluxServer) -> None:
    settings = InfluxSettings(influx_server.url, influx_server.organisation, "wrong-secret-token")
    with pytest.raises(SeriesUnavailable, match="check the token") as caught:
        InfluxSeries(settings, StandingClock(), "tests").lines("acme", Ask().query())
    assert "wrong-secret-token" not in str(caught.value) + repr(settings)


@service
def test_an_organisation_that_is_not_there_is_named(influx_server: InfluxServer) -> None:
    settings = InfluxSettings(influx_server.url, "nobody", influx_server.token)
    with pytest.raises(SeriesUnavailable, match="organisation"):
        InfluxSeries(settings, StandingClock(), "tests").lines("acme", Ask().query())


@pytest.mark.parametrize("url", ["", "localhost:8086", "ftp://localhost", "http://"])
def test_a_url_that_is_none_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match="http://host:8086"):
        InfluxConnection(InfluxSettings(url, "org", "token"))


class _Scripted(BaseHTTPRequestHandler):
    """Answers the status named by the path; `/silent` closes without an answer, `/short` promises more than it sends."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self.path.split("?")[0].strip("/")
        if name == "silent":
            self.close_connection = True
            return
        body = b'{"message": "as asked"}'
        self.send_response(200 if name in ("short", "once") else int(name))
        self.send_header("Content-Length", str(len(body) + (1000 if name == "short" else 0)))
        self.end_headers()
        self.wfile.write(body)
        if name in ("short", "once"):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def scripted() -> Iterator[InfluxConnection]:
    server = HTTPServer(("127.0.0.1", 0), _Scripted)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    connection = InfluxConnection(InfluxSettings(f"http://127.0.0.1:{server.server_port}", "org", "token", timeout_seconds=10))
    yield connection
    connection.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", ["401", "403", "404", "429", "500", "503", "silent", "short"])
def test_what_may_pass_is_unavailable(scripted: InfluxConnection, name: str) -> None:
    with pytest.raises(SeriesUnavailable):
        scripted.call("POST", f"/{name}", {}, b"x")


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_will_never_pass_is_refused(scripted: InfluxConnection, status: int) -> None:
    with pytest.raises(Refused, match="as asked"):
        scripted.call("POST", f"/{status}", {}, b"x")


def test_a_kept_connection_that_the_server_closed_is_replaced(scripted: InfluxConnection) -> None:
    for _ in range(3):
        assert scripted.call("POST", "/once", {}, b"x") == b'{"message": "as asked"}'


@pytest.mark.parametrize(
    "answer",
    ["<html>proxy error</html>\n", "error,reference\nbroke off,897\n", "#datatype,string,string\n,error,reference\n,broke off,897\n"],
    ids=["not csv", "error in place of a table", "error table"],
)
def test_an_answer_that_breaks_off_is_unavailable_not_empty(answer: str) -> None:
    with pytest.raises(SeriesUnavailable):
        for table in result_tables(iter(answer.splitlines(keepends=True))):
            list(table.rows)
