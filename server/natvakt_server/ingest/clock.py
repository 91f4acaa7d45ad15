"""Time of a batch whose agent did not trust its clock: re-dated by boot id and monotonic time, never by the hour of arrival.

    true wall time at closing = start of that boot + monotonic time at closing
    offset of the batch       = true wall time at closing - wall time the agent believed at closing

The start of a boot is told by a Hello of the same boot (gateway) or by a batch of the same boot whose clock was trusted (here).
"""

from natvakt_wire.envelope import Header

from natvakt_server.domain.delivery import BootClock, InboxQueue, Pending
from natvakt_server.ingest.limits import IngestLimits


class BatchClock:
    def __init__(self, queue: InboxQueue, limits: IngestLimits) -> None:
        self._queue = queue
        self._limits = limits
        self._taught: set[tuple[str, bytes]] = set()

    def offset_ns(self, pending: Pending, header: Header) -> int | None:
        """What to add to the batch's times; None: not known yet, hold it. A corrected offset is on the ledger row before this returns."""
        if pending.offset_ns is not None:
            return pending.offset_ns
        if header.clock_trusted:
            self._learn(pending, header)
            return 0
        boot = self._queue.boot_clock(pending.incoming.agent, header.boot_id)
        if boot is None:
            return None
        return self._queue.store_offset(pending.row, boot.started_wall_ns + header.closed_monotonic_ns - header.closed_wall_ns)

    def _learn(self, pending: Pending, header: Header) -> None:
        """The first trusted batch of a boot dates the untrusted ones of that boot. A clock ahead of ours at arrival teaches nothing."""
        incoming = pending.incoming
        boot = (incoming.agent, header.boot_id)
        if boot in self._taught or header.closed_wall_ns > incoming.received_ns + self._limits.future_ns:
            return
        if self._queue.boot_clock(*boot) is None:
            self._queue.learn_boot_clock(BootClock(*boot, header.closed_wall_ns - header.closed_monotonic_ns, "agent"))
        if len(self._taught) >= self._limits.remembered_boots:
            self._taught.clear()
        self._taught.add(boot)
