"""`make bench`: the promised figures beside their goals, measured in one run. Exit 1 when a goal is missed.

Every figure comes from the real parts. Where less is measured than is told (a day's backlog), the line says so.
"""

import argparse
import gzip
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from bench import (
    bench_agent,
    bench_assessment,
    bench_backlog,
    bench_console,
    bench_discovery,
    bench_forecast,
    bench_ingest,
    bench_knowledge,
    bench_snmp_engines,
    bench_wire,
)
from bench.bench_snmp_engines import GOAL_JITTER_MS
from bench.bench_wire import COLUMNS, DEVICES, INTERFACES, NAMES, full_site
from bench.house import House, open_house
from natvakt_wire.batch import Batch
from services.influxdb import NotInstalled
from services.postgres import PostgresMissing

MEBIBYTE = 1024**2
GOAL_RESIDENT_MEBIBYTES = 80.0
GOAL_TIMES_REAL_TIME = 50.0
GOAL_LIVE_LAG_SECONDS = 60.0
GOAL_DISCOVERY_SECONDS = 300.0
GOAL_KNOWLEDGE_SECONDS = 60.0
GOAL_KNOWLEDGE_MEBIBYTES = 300.0
GOAL_ASSESSMENT_SECONDS = 5.0
GOAL_ASSESSMENT_MEBIBYTES = 300e6 / MEBIBYTE
GOAL_PDF_SECONDS = 5.0
GOAL_PAGES = 60.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `goal` is an upper bound, or a lower one where `at_least`; `value` None: not measured, `note` says why."""

    name: str
    value: float | None
    unit: str
    goal: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def is_kept(self) -> bool | None:
        """None where there is no goal or no value."""
        if self.goal is None or self.value is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def line_protocol(batch: Batch) -> bytes:
    """The same samples as text, as an agent that writes to InfluxDB itself would send them."""
    (table,) = batch.tables
    columns = [table.fields[name] for name in NAMES]
    lines = [
        f"interface,device={device},ifIndex={index} {','.join(f'{name}={value}u' for name, value in zip(NAMES, row, strict=True))} {at}"
        for device, index, at, *row in zip(table.devices, table.tags["ifIndex"], table.times_ns, *columns, strict=True)
    ]
    return "\n".join(lines).encode()


def snmp_engines() -> Iterator[Figure]:
    for figures in bench_snmp_engines.run():
        note = f"p99 {figures.calm_ms:.1f} ms alone, {figures.beside_hostile_ms:.1f} ms beside it"
        yield Figure(f"{figures.engine}: others' jitter while one device is hostile", figures.jitter_ms, "ms", GOAL_JITTER_MS, note=note)
        yield Figure(f"{figures.engine}: varbinds a second of CPU", figures.varbinds_per_cpu_second, "1/s")


def wire() -> Iterator[Figure]:
    figures = bench_wire.run()
    text = len(gzip.compress(line_protocol(full_site(cycle=3)), 6)) / figures["samples"]
    ratio = f"InfluxDB line protocol with gzip, unsealed: {text:.2f}, {text / figures['bytes_per_sample']:.1f} times as much"
    yield Figure("bytes a sample on the wire", figures["bytes_per_sample"], "B", bench_wire.GOAL_BYTES_PER_SAMPLE, note=ratio)
    yield Figure("sealed batch of one cycle", figures["sealed_bytes"] / 1024, "KiB", 256.0)
    yield Figure("encode that batch", figures["encode_seconds"] * 1000, "ms")
    yield Figure("seal: compress, HPKE, sign", figures["seal_seconds"] * 1000, "ms")
    yield Figure("verify and open", (figures["verify_seconds"] + figures["open_seconds"]) * 1000, "ms")
    yield Figure("decode", figures["samples"] / figures["decode_samples_per_second"] * 1000, "ms")


def agent(house: House) -> Iterator[Figure]:
    figures = bench_agent.run(house)
    yield Figure("agent CPU, one cycle", figures["cpu_seconds_a_cycle"], "s", note="poll, pipeline, seal, spool, send; of a minute's cycle")
    yield Figure("agent memory while it works", figures["resident_bytes"] / MEBIBYTE, "MiB", GOAL_RESIDENT_MEBIBYTES)
    yield Figure("agent memory, most ever", figures["peak_resident_bytes"] / MEBIBYTE, "MiB")


def store(name: str, measure: Callable[[], Mapping[str, float]]) -> Iterator[Figure]:
    try:
        figures = measure()
    except NotInstalled as error:
        yield Figure(f"sealed to stored, {name}", None, "samples/s/core", note=str(error))
        return
    yield Figure(f"sealed to stored, {name}", figures["samples_per_core_second"], "samples/s/core", note="real worker, CPU of all involved")
    yield Figure(f"on disk, {name}", figures["bytes_per_value"], "B/value", note="as it arrives, before the daily compaction")


def backlog(house: House) -> Iterator[Figure]:
    figures = bench_backlog.run(house)
    measured = f"{figures['cycles']:.0f} cycles drained in {figures['seconds']:.1f} s, extrapolated to 1,440"
    yield Figure("a day's backlog drains in", figures["day_seconds"], "s", note=measured)
    yield Figure("times real time", figures["times_real_time"], "x", GOAL_TIMES_REAL_TIME, at_least=True)
    live = f"{figures['live_cycles']:.0f} live cycles applied meanwhile, one every {bench_backlog.LIVE_EVERY_SECONDS:.0f} s"
    yield Figure("live data behind, at worst", figures["worst_live_lag_seconds"], "s", GOAL_LIVE_LAG_SECONDS, note=live)


def discovery() -> Iterator[Figure]:
    figures = bench_discovery.run()
    noted = f"{figures['packets']:,.0f} packets, {figures['logins']:.0f} log-ins of which {figures['refused']:.0f} were refused"
    yield Figure("discovery: devices found", figures["devices"], "of 105", float(DEVICES), at_least=True)
    yield Figure("discovery of 12 subnets takes", figures["seconds"], "s", GOAL_DISCOVERY_SECONDS, note=noted)
    yield Figure("packets that reached devices in a second", figures["most_in_a_second"], "", bench_discovery.MOST_IN_A_SECOND)
    yield Figure("refused twice by one device", figures["refused_twice"], "", 0.0)


def knowledge() -> Iterator[Figure]:
    figures = bench_knowledge.measure(os.environ)
    noted = f"{figures.import_cpu_seconds:.1f} s of CPU; a second import {figures.again_seconds:.1f} s"
    yield Figure("3,000 CVE records taken in", figures.import_seconds, "s", GOAL_KNOWLEDGE_SECONDS, note=noted)
    yield Figure("memory of that import, most ever", figures.import_mebibytes, "MiB", GOAL_KNOWLEDGE_MEBIBYTES)
    yield Figure("105 versions judged against them", figures.judge_cpu_seconds, "s", note=f"{figures.statements:,} statements")


def assessment() -> Iterator[Figure]:
    whole, night = bench_assessment.run(os.environ)
    noted = f"{whole.findings} findings, {whole.statements:,} statements about releases"
    yield Figure("105 devices assessed against 3,000 CVE records", whole.cpu_seconds, "s of CPU", GOAL_ASSESSMENT_SECONDS, note=noted)
    yield Figure("memory of that assessment, most ever", whole.mebibytes, "MiB", GOAL_ASSESSMENT_MEBIBYTES)
    yield Figure("its report as PDF", whole.pdf_cpu_seconds, "s of CPU", GOAL_PDF_SECONDS)
    note = "" if whole.pages is not None else "poppler is not installed"
    yield Figure("pages of it", None if whole.pages is None else float(whole.pages), "", GOAL_PAGES, note=note)
    parts = f"read {night.read_cpu_seconds:.2f} s, judge {night.judge_cpu_seconds:.2f} s, PDF {night.pdf_cpu_seconds:.2f} s of CPU"
    each = f"{bench_assessment.MEASURED_CUSTOMERS} of 14 devices measured: {parts} each"
    yield Figure("1,000 customers assessed on 2 cores", night.hours, "h", bench_assessment.NIGHT_HOURS, note=each)


def forecasts() -> Iterator[Figure]:
    figures = bench_forecast.measure(lambda _: None)
    yield Figure("forecast: date off by, median", figures.median_error_share, "of the distance", bench_forecast.GOAL_MEDIAN_ERROR)
    yield Figure("forecast: false alarms where nothing grows", figures.false_alarms, "", bench_forecast.GOAL_FALSE_ALARMS)
    yield Figure("unlike its week: found of what was planted", figures.unusual_found, "", bench_forecast.GOAL_UNUSUAL_FOUND, at_least=True)
    yield Figure("unlike its week: false alarms", figures.unusual_false_alarms, "", bench_forecast.GOAL_FALSE_ALARMS)


def console(say: Callable[[str], None]) -> Iterator[Figure]:
    try:
        for outcome in bench_console.measure(say):
            slowest, busiest, name = outcome.slowest, outcome.busiest, f"console over {outcome.stores}"
            note = f"{slowest.path}, the slowest of {len(outcome.pages)} pages"
            yield Figure(f"{name}: p95 of 30,000 devices' slowest page", slowest.p95_ms, "ms", bench_console.GOAL_MS, note=note)
            asked = f"{busiest.path}, and {busiest.questions} questions to the time series"
            yield Figure(f"{name}: statements of a page, at most", busiest.statements, "", bench_console.GOAL_STATEMENTS, note=asked)
    except (NotInstalled, PostgresMissing) as error:
        yield Figure("console over PostgreSQL, InfluxDB", None, "ms", bench_console.GOAL_MS, note=str(error))


def everything(say: Callable[[str], None]) -> list[Figure]:
    found: list[Figure] = []

    def take(what: str, figures: Iterator[Figure]) -> None:
        begun = time.monotonic()
        say(f"{what} ...")
        found.extend(figures)
        say(f"{what}: {time.monotonic() - begun:.0f} s")

    take("knowledge", knowledge())  # first: its memory is the most that any process of ours has used so far
    take("forecasts", forecasts())
    take("assessment", assessment())
    take("console", console(say))
    take("wire", wire())
    take("SNMP engines", snmp_engines())
    take("worker with DuckDB", store("DuckDB", bench_ingest.run_duckdb))
    take("worker with InfluxDB", store("InfluxDB", bench_ingest.run_influxdb))
    with open_house() as house:
        take("agent over a full site", agent(house))
        take("backlog", backlog(house))
    take("discovery", discovery())
    return found


def shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def table(figures: Sequence[Figure]) -> str:
    rows = [("figure", "measured", "goal", "unit", "", "")]
    words = {True: "kept", False: "MISSED", None: ""}
    for each in figures:
        goal = "" if each.goal is None else f"{'>=' if each.at_least else '<='} {shown(each.goal)}"
        rows.append((each.name, shown(each.value), goal, each.unit, words[each.is_kept], each.note))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    alignments = "<>><<"
    lines = []
    for row in rows:
        cells = [f"{cell:{align}{width}}" for cell, align, width in zip(row[:5], alignments, widths, strict=True)]
        lines.append("  ".join([*cells, row[5]]).rstrip())
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # ends what it started on the way out
    figures = everything(partial(print, file=sys.stderr, flush=True))
    site = f"{DEVICES} devices x {INTERFACES} interfaces x {COLUMNS} columns, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    if options.json:
        print(json.dumps({"schema": "natvakt.bench/1", "site": site, "figures": [{**asdict(f), "kept": f.is_kept} for f in figures]}))
    else:
        print(f"full site: {site}\n\n{table(figures)}")
    return 1 if any(figure.is_kept is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
