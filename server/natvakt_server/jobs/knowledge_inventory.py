"""What stands at all customers together, for whoever asks the world about it: merged, and without a word of whose it is."""

from collections import Counter
from collections.abc import Iterator, Mapping

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.estate import Device, EstateReader
from natvakt_server.knowledge.asking.inventory import Inventory, inventory
from natvakt_server.knowledge.exposure import ExposureJudge
from natvakt_server.knowledge.ports import KnowledgeReader
from natvakt_server.knowledge.versions.systems import PARSERS

KEEP_NS = 30 * 60 * 1_000_000_000


def product_ids(reader: EstateReader, tenant: str, device: Device) -> Iterator[str]:
    """The device's own and those of what can be replaced in it."""
    if device.model:
        yield device.model
    snapshot = reader.snapshot(tenant, device.id, "component")
    for row in snapshot.rows if snapshot else ():
        pid = str(row.get("model") or "").strip()
        if pid and (row.get("serial") or row.get("is_fru") in (True, 1)):
            yield pid


def seen(reader: EstateReader) -> tuple[Mapping[str, int], Mapping[tuple[str, str], int]]:
    """How many devices of all customers hold each product id, and run each version of a system that is told."""
    pids: Counter[str] = Counter()
    versions: Counter[tuple[str, str]] = Counter()
    for customer in reader.customers():
        for device in reader.devices(customer.tenant):
            pids.update(set(product_ids(reader, customer.tenant, device)))
            if device.os and device.os != "unknown" and device.version:
                versions[device.os, device.version] += 1
    return pids, versions


def whole_inventory(reader: EstateReader, knowledge: KnowledgeReader) -> Inventory:
    """Of network devices: those that run a system which is judged. Servers and printers are nobody's business here."""
    models: set[str] = set()
    pids: set[str] = set()
    versions: set[tuple[str, str]] = set()
    for customer in reader.customers():
        for device in reader.devices(customer.tenant):
            if device.os and device.os in PARSERS:
                models.add(device.model or "")
                pids.update(product_ids(reader, customer.tenant, device))
                versions.add((device.os, device.version or ""))
    found = inventory(models, pids, versions, lambda: _cves(knowledge, found))
    return found


class KeptInventory:
    """The whole inventory, read anew every half hour: one round of sources asks for it several times, and it is one look at each device."""

    def __init__(self, reader: EstateReader, knowledge: KnowledgeReader, clock: Clock) -> None:
        self._reader, self._knowledge, self._clock = reader, knowledge, clock
        self._kept: tuple[int, Inventory] | None = None

    def __call__(self) -> Inventory:
        """Raises StoreUnavailable."""
        now_ns = self._clock.monotonic_ns()
        if self._kept is None or now_ns - self._kept[0] >= KEEP_NS:
            self._kept = (now_ns, whole_inventory(self._reader, self._knowledge))
        return self._kept[1]


def _cves(knowledge: KnowledgeReader, found: Inventory) -> list[str]:
    """Of everything that is said against the versions that run."""
    judge = ExposureJudge(knowledge)
    statements = [each for os, version in found.versions for each in judge.judge(os, version).statements]
    advisories = sorted({each.advisory for each in statements if each.advisory and not each.cve})
    unions = [cve for held in knowledge.facts("advisory", advisories) for cve in getattr(held.fact, "cves", ())]
    return sorted({*(each.cve for each in statements if each.cve), *unions})
