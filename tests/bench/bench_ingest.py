"""From sealed envelope to stored: samples a second of one core through the real worker, and bytes a value on disk.

The inbox (SQLite), the keys, the opener and the worker are those of a server; cycles of the full site wait in the inbox, and the worker is
stepped until it is empty. A core is counted by CPU time: the worker's own, and InfluxDB's process where that is the store.
"""

import io
import os
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from bench.bench_series import FLUSH_SOON, settled_bytes
from bench.bench_wire import COLUMNS, CYCLE_SECONDS, DEVICES, INTERFACES, full_site
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_server.app.commands import init
from natvakt_server.app.context import Context
from natvakt_server.app.house import House, open_house
from natvakt_server.app.parts import ingest_part
from natvakt_server.app.services import Loop
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.delivery import NO_PREVIOUS, Arrival, Incoming
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.identity import AgentRecord, AgentState, IdentityKey
from natvakt_wire.batch import encode
from natvakt_wire.envelope import Header, LaneClass
from natvakt_wire.ids import uuid7
from natvakt_wire.recipients import verify_announcement
from natvakt_wire.seal import RecipientPublicKey, seal
from natvakt_wire.signing import fingerprint
from services.influxdb import InfluxServer

CYCLES = 30
SETTLE_SECONDS = 45.0
SAMPLES = DEVICES * INTERFACES * COLUMNS * CYCLES
SECOND_NS = 1_000_000_000
TENANT, SITE = "bench", "full"
EPOCH, BOOT = bytes(range(16)), bytes(16)


class Centre:
    """A server in a folder with one enrolled agent, and what that agent would send."""

    def __init__(self, folder: Path, settings: str) -> None:
        (folder / "server.toml").write_text(settings)
        options = Namespace(config=folder / "server.toml", json=True, administrator="admin", sample=False)
        environment = {"NATVAKT_STATE_DIR": str(folder)}
        context = Context(options, environment, io.StringIO(), io.StringIO(), "bench", SystemClock())
        init.run(context)
        self.house: House = open_house(context, "worker")
        self._clock = context.clock
        self._identity = Ed25519PrivateKey.generate()
        self._agent = uuid7(self._clock.wall_ns(), os.urandom)

    def enrol(self) -> RecipientPublicKey:
        """Register the agent as the desk does; answers the key to seal to."""
        now_ns, stores = self._clock.wall_ns(), self.house.stores
        stores.administration.add_customer(Customer(TENANT, TENANT, created_ns=now_ns))
        stores.administration.add_site(Site(TENANT, SITE, SITE, now_ns))
        public = self._identity.public_key().public_bytes_raw()
        key = IdentityKey(self._agent, public, fingerprint(public), now_ns - SECOND_NS)
        stores.agents.enrol(AgentRecord(self._agent, TENANT, SITE, AgentState.ACTIVE, now_ns), key)
        announced = self.house.keys.recipients.announcement(TENANT)
        return verify_announcement(announced, self.house.keys.tenants.root_public(TENANT), TENANT).key_at(now_ns)

    def fill(self, recipient: RecipientPublicKey) -> None:
        """Cycles of the last half hour, received and committed to the inbox."""
        now_ns, previous = self._clock.wall_ns(), NO_PREVIOUS
        for seq in range(1, CYCLES + 1):
            start_ns = now_ns - (CYCLES - seq) * CYCLE_SECONDS * SECOND_NS
            header = Header(
                tenant=TENANT,
                site=SITE,
                agent=self._agent,
                epoch=EPOCH,
                lane=3,
                lane_class=LaneClass.METRICS,
                seq=seq,
                previous=previous,
                clock_trusted=True,
                boot_id=BOOT,
                closed_wall_ns=start_ns,
                closed_monotonic_ns=start_ns - now_ns + 86_400 * SECOND_NS,
            )
            envelope = seal(header, encode(full_site(seq, start_ns=start_ns)), recipient, self._identity)
            incoming = Incoming(
                TENANT, SITE, self._agent, EPOCH, 3, "metrics", seq, seq, previous, envelope.digest, envelope.to_bytes(), False, now_ns,
                boot_id=BOOT,
            )  # fmt: skip
            if list(self.house.stores.gateway.receive([incoming])) != [Arrival.STORED]:
                raise RuntimeError(f"batch {seq} was not stored in the inbox")
            previous = envelope.digest

    def work_off(self, cpu_elsewhere: Callable[[], float]) -> dict[str, float]:
        part = ingest_part(self.house)
        assert isinstance(part, Loop)
        cpu, wall, elsewhere = time.process_time(), time.perf_counter(), cpu_elsewhere()
        while part.step() <= 0:
            pass
        own, wall, elsewhere = time.process_time() - cpu, time.perf_counter() - wall, cpu_elsewhere() - elsewhere
        backlog = self.house.stores.delivery.backlog()
        if backlog.pending or backlog.held or backlog.quarantined:
            raise RuntimeError(f"the worker left {backlog}")
        return {"samples_per_core_second": SAMPLES / (own + elsewhere), "samples_per_second": SAMPLES / wall}


def run_duckdb() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="natvakt-bench-") as name:
        centre = Centre(Path(name), "")
        centre.fill(centre.enrol())
        figures = centre.work_off(lambda: 0.0)
        centre.house.close()
        return figures | {"bytes_per_value": (Path(name) / "server" / "series.duckdb").stat().st_size / SAMPLES}


def run_influxdb() -> dict[str, float]:
    """Raises services.influxdb.NotInstalled."""
    with tempfile.TemporaryDirectory(prefix="natvakt-bench-") as name:
        folder = Path(name)
        (folder / "influxd").mkdir()
        server = InfluxServer(folder / "influxd", extra_arguments=FLUSH_SOON)
        server.start()
        try:
            (folder / "token").touch(0o600)
            (folder / "token").write_text(server.token)
            series = f'store = "influxdb"\nurl = "{server.url}"\norg = "{server.organisation}"\ntoken_file = "{folder / "token"}"\n'
            centre = Centre(folder, f"[series]\n{series}")
            recipient, empty = centre.enrol(), server.disk_bytes()
            centre.fill(recipient)
            figures = centre.work_off(server.cpu_seconds)
            centre.house.close()
            return figures | {"bytes_per_value": (settled_bytes(server, SETTLE_SECONDS) - empty) / SAMPLES}
        finally:
            server.stop()
