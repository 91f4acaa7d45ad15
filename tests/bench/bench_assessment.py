"""What an assessment costs: 105 devices against 3,000 CVE records and all rules, its report, and a night of 1,000 customers.

    demo site x 8, renamed ── frozen evidence ── (own process) knowledge cut out, judged, built, signed ── CPU, memory ── PDF
    a customer of 14 devices: a week of DuckDB roll-ups read, judged, PDF ── x 20, scaled to 1,000 on two cores

The devices are the demo's, asked by the agent's own collector: every family, configurations, planted faults.
"""

import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from bench.bench_knowledge import PRODUCTS, RECORDS, SYSTEMS, file_of, imported
from bench.house import peak_resident_bytes
from demo.site import build_devices
from natvakt_server.analysis.evidence import Evidence, freeze, thaw
from natvakt_server.analysis.hardware import pieces
from natvakt_server.analysis.rules import RULES
from natvakt_server.domain import estate
from natvakt_server.domain.series import BatchKey, SeriesTable, Tier
from natvakt_server.domain.tiers import DAY_NS, MINUTE_NS, WIDTH_NS
from natvakt_server.jobs.assessment import judge
from natvakt_server.jobs.histories import Past
from natvakt_server.knowledge.known import Asked, cut_out
from natvakt_server.reports.outlook import outlook
from natvakt_server.reports.rendering import pdf
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.knowledge import SqlKnowledge
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from testkit.demo_evidence import site_evidence
from testkit.demo_site import EPOCH_NS
from testkit.report import frame, signer
from testkit.series import StandingClock

DEVICES, CUSTOMERS, NIGHT_HOURS, CORES = 105, 1_000, 8.0, 2
MEASURED_CUSTOMERS = 20
WITH_HISTORY = ("hq-core", "hq-rtr", "br-rtr", "hq-acc1")
PORTS, WEEK_DAYS = 24, 7
COUNTERS = (
    *("ifHCInOctets", "ifHCOutOctets", "ifInErrors", "ifOutErrors"),
    *("ifInDiscards", "ifOutDiscards", "ifHCInUcastPkts", "ifHCOutUcastPkts"),
)


@dataclass(frozen=True, slots=True)
class Assessed:
    """Of 105 devices, in a process of its own."""

    cpu_seconds: float
    mebibytes: float
    findings: int
    statements: int
    pdf_cpu_seconds: float
    pages: int | None


@dataclass(frozen=True, slots=True)
class Night:
    """CPU seconds of one customer of 14 devices, and hours of a night for 1,000 of them on two cores."""

    read_cpu_seconds: float
    judge_cpu_seconds: float
    pdf_cpu_seconds: float
    hours: float


def one_site() -> Evidence:
    return site_evidence(build_devices(EPOCH_NS), RULES, WITH_HISTORY)


def copies(site: Evidence, count: int) -> list[Evidence]:
    """The site so many times, each under other names and addresses."""
    text = msgspec.json.encode(site).decode()
    names = "|".join(re.escape(name) for name in sorted((device.name for device in site.devices), key=len, reverse=True))
    made = []
    for copy in range(count):
        renamed = re.sub(names, rf"\g<0>-{copy}", text)
        made.append(msgspec.json.decode(re.sub(r"\b127\.(\d+)\.0\.", rf"10.\1.{copy}.", renamed), type=Evidence))
    return made


def many(site: Evidence, count: int) -> Evidence:
    """One customer of so many devices, whose releases are those of the generated records."""
    found = [device for copy in copies(site, math.ceil(count / len(site.devices))) for device in copy.devices][:count]
    devices = [
        msgspec.structs.replace(device, version=PRODUCTS[SYSTEMS[device.os]](place % 24, place % 9)) if device.os in SYSTEMS else device
        for place, device in enumerate(found)
    ]
    return msgspec.structs.replace(site, devices=tuple(devices))


def assess(frozen: Path, database: Path) -> Assessed:
    engine = open_engine(f"sqlite:///{database}")
    began = time.process_time()
    what = thaw(frozen.read_bytes())
    asked = [Asked(each.os, each.version, each.model, tuple(piece.pid for piece in pieces(each))) for each in what.devices]
    known = cut_out(SqlKnowledge(engine), asked)
    document = judge(freeze(msgspec.structs.replace(what, knowledge=known)), RULES, frame(), signer(), outlook)
    cpu = time.process_time() - began
    memory = peak_resident_bytes(os.getpid()) / 1024**2
    engine.dispose()
    statements = sum(len(exposure.statements) for exposure in known.exposures.values())
    began = time.process_time()
    made = pdf(document, "sv")
    spent, known_pages = time.process_time() - began, pages_of(made)
    return Assessed(cpu, memory, len(document.findings), statements, spent, known_pages)


def pages_of(made: bytes) -> int | None:
    """None where poppler is not installed."""
    if shutil.which("pdfinfo") is None:
        return None
    told = subprocess.run(["pdfinfo", "-"], input=made, capture_output=True, check=True).stdout.decode()
    return int(told.partition("Pages:")[2].split()[0])


def night(site: Evidence, folder: Path) -> Night:
    """One customer after another, as the job of a night does."""
    store = DuckDbSeries(folder / "series.duckdb", StandingClock(site.as_of_ns))
    devices = [estate.Device(d.id, "acme", d.site, d.name, d.address, d.role, agent_devices=(f"agent-{d.name}",)) for d in site.devices]
    fill(store, devices, site.as_of_ns)
    read = judged = printed = 0.0
    for customer in copies(site, MEASURED_CUSTOMERS):
        began = time.process_time()
        past = Past(store, "acme", devices, {}, site.as_of_ns, ZoneInfo(site.time_zone)).histories(RULES)
        read += time.process_time() - began
        assert len(past) == len(devices)
        began = time.process_time()
        document = judge(freeze(customer), RULES, frame(), signer(), outlook)
        judged += time.process_time() - began
        began = time.process_time()
        pdf(document, "sv")
        printed += time.process_time() - began
    store.close()
    each = [seconds / MEASURED_CUSTOMERS for seconds in (read, judged, printed)]
    return Night(*each, sum(each) * CUSTOMERS / CORES / 3600)


def fill(store: DuckDbSeries, devices: Sequence[estate.Device], as_of_ns: int) -> None:
    """A week of five-minute samples of 24 ports each, rolled up."""
    start_ns = as_of_ns - WEEK_DAYS * DAY_NS
    start_ns -= start_ns % WIDTH_NS[Tier.HOUR]
    times = range(start_ns, as_of_ns, 5 * MINUTE_NS)
    for seq, device in enumerate(devices):
        tags, moments, fields = [], [], {name: [] for name in COUNTERS}
        for place, time_ns in enumerate(times):
            for port in range(PORTS):
                tags.append(str(port + 1))
                moments.append(time_ns)
                for number, name in enumerate(COUNTERS):
                    fields[name].append(place * (port + 1) * 1_000 * (number + 1))
        table = SeriesTable("interface", device.agent_devices[0], {"ifIndex": tags}, moments, fields)
        store.write(BatchKey("acme", "hq", "agent-1", "00" * 16, 1, seq), [table])
    for tier in (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR):
        store.roll_up(tier, start_ns, as_of_ns)


def run(environment: Mapping[str, str]) -> tuple[Assessed, Night]:
    with tempfile.TemporaryDirectory(prefix="natvakt-bench-") as name:
        folder = Path(name)
        site = one_site()
        records, state = folder / "records.tar.gz", folder / "state"
        records.write_bytes(file_of(RECORDS))
        imported(records, {**environment, "NATVAKT_STATE_DIR": str(state)})
        frozen = folder / "frozen"
        frozen.write_bytes(freeze(many(site, DEVICES)))
        command = [sys.executable, "-m", "bench.bench_assessment", str(frozen), str(state / "server" / "estate.sqlite")]
        done = subprocess.run(command, capture_output=True, check=True, env=dict(environment))
        return Assessed(**json.loads(done.stdout)), night(site, folder)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asdict(assess(Path(sys.argv[1]), Path(sys.argv[2])))))
    else:
        print(*run(os.environ), sep="\n")
