"""What a full site costs on the wire: bytes a sample, and how fast one core seals, opens and decodes.

105 devices x 48 interfaces x 16 columns, one cycle a batch. Half the ports carry traffic and have done so for up to three years; one in ten
carried some once and is quiet now; the rest were never used. Counters are absolute, so the history is in every batch.
"""

import random
import time
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_agent.model.clock import Instant
from natvakt_wire.batch import Batch, ClockNote, Table, decode, encode
from natvakt_wire.envelope import FIRST_PREVIOUS, Header, LaneClass
from natvakt_wire.ids import uuid7
from natvakt_wire.limits import MAX_SEALED_BYTES
from natvakt_wire.seal import RecipientPrivateKey, open_sealed, seal, verify

DEVICES = 105
INTERFACES = 48
COLUMNS = 16
CYCLE_SECONDS = 60
GOAL_BYTES_PER_SAMPLE = 1.5

_NOW_NS = 1_790_000_000 * 10**9
_YEAR_SECONDS = 365 * 86_400


class Port:
    """One interface with its rates; `after` gives the 16 values at a moment."""

    def __init__(self, rng: random.Random) -> None:
        draw = rng.random()
        self.carries = draw < 0.5
        used = draw < 0.6
        self.age_seconds = rng.uniform(0.1, 3) * _YEAR_SECONDS if used else 0.0
        packets = rng.lognormvariate(2.5, 2.0)
        sizes = (rng.uniform(80, 1200), rng.uniform(80, 1200))
        rates = [packets * sizes[0], packets * 0.8 * sizes[1], packets, packets * 0.8]
        rates += [rng.lognormvariate(-3, 1.5), rng.lognormvariate(0, 0.5), rng.lognormvariate(-3, 1.5), rng.lognormvariate(0.5, 0.5)]
        faulty = rng.random() < 0.05
        rates += [rng.lognormvariate(-8, 2) if faulty else 0.0 for _ in range(4)]
        self.rates = rates
        self.last_change = int(rng.uniform(0, 300 * 86_400)) if used else 0

    def after(self, seconds: float) -> list[int]:
        running = self.age_seconds + (seconds if self.carries else 0.0)
        counters = [int(rate * running) for rate in self.rates]
        return [*counters, 1 if self.carries else 2, 1, 1000, self.last_change]


NAMES = (
    "ifHCInOctets", "ifHCOutOctets", "ifHCInUcastPkts", "ifHCOutUcastPkts", "ifHCInMulticastPkts", "ifHCOutMulticastPkts",
    "ifHCInBroadcastPkts", "ifHCOutBroadcastPkts", "ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards",
    "ifOperStatus", "ifAdminStatus", "ifHighSpeed", "ifLastChange",
)  # fmt: skip


def full_site(cycle: int, seed: int = 1, start_ns: int | None = None, closed: Instant | None = None) -> Batch:
    """One cycle of the whole site as one table, device after device.

    The devices are polled during the minute before `start_ns`; without it the cycles follow each other from a fixed moment on.
    """
    rng = random.Random(seed)
    ids = [uuid7(_NOW_NS, rng.randbytes) for _ in range(DEVICES)]
    ports = [Port(rng) for _ in range(DEVICES * INTERFACES)]
    begun_ns = _NOW_NS + cycle * CYCLE_SECONDS * 10**9 if start_ns is None else start_ns - CYCLE_SECONDS * 10**9
    polled_ns = [begun_ns + rng.randrange(CYCLE_SECONDS * 10**9) for _ in range(DEVICES)]
    rows = [port.after(cycle * CYCLE_SECONDS) for port in ports]
    table = Table(
        "interface",
        [device for device in ids for _ in range(INTERFACES)],
        [at for at in polled_ns for _ in range(INTERFACES)],
        {"ifIndex": [str(10_101 + index) for _ in ids for index in range(INTERFACES)]},
        dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True)),
    )
    note = ClockNote(bytes(16), _NOW_NS, 1) if closed is None else ClockNote(closed.boot_id, closed.wall_ns, closed.monotonic_ns)
    return Batch([table], [], note)


def seconds_each(action: Callable[[], object], runs: int) -> float:
    """The best of `runs`: what the machine does when nobody else wants it."""
    best = float("inf")
    for _ in range(runs):
        begun = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - begun)
    return best


def run() -> Mapping[str, float]:
    """Figures by name; sizes in bytes, times in seconds."""
    batch = full_site(cycle=3)
    samples = DEVICES * INTERFACES * COLUMNS
    identity, recipient = Ed25519PrivateKey.generate(), RecipientPrivateKey.generate()
    header = Header(
        tenant="acme",
        site="hq",
        agent=uuid7(_NOW_NS, random.Random(2).randbytes),
        epoch=bytes(16),
        lane=1,
        lane_class=LaneClass.METRICS,
        seq=1,
        previous=FIRST_PREVIOUS,
        clock_trusted=True,
        boot_id=bytes(16),
        closed_wall_ns=_NOW_NS,
        closed_monotonic_ns=1,
    )
    plain = encode(batch)
    envelope = seal(header, plain, recipient.public, identity)
    public = identity.public_key().public_bytes_raw()
    decode_seconds = seconds_each(lambda: decode(plain), 5)
    return {
        "samples": samples,
        "plain_bytes": len(plain),
        "sealed_bytes": len(envelope.to_bytes()),
        "bytes_per_sample": len(envelope.to_bytes()) / samples,
        "encode_seconds": seconds_each(lambda: encode(batch), 3),
        "seal_seconds": seconds_each(lambda: seal(header, plain, recipient.public, identity), 3),
        "verify_seconds": seconds_each(lambda: verify(envelope, public), 5),
        "open_seconds": seconds_each(lambda: open_sealed(envelope, recipient), 5),
        "decode_samples_per_second": samples / decode_seconds,
    }


def main() -> int:
    figures = run()
    for name, value in figures.items():
        print(f"{name}: {value:.4g}" if value < 1000 else f"{name}: {value:,.0f}")
    kept = figures["bytes_per_sample"] <= GOAL_BYTES_PER_SAMPLE and figures["sealed_bytes"] <= MAX_SEALED_BYTES
    print("goal kept" if kept else f"goal missed: {GOAL_BYTES_PER_SAMPLE} bytes a sample, {MAX_SEALED_BYTES} a sealed batch")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
