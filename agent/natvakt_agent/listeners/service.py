"""What listens, as the service of a child process (`isolation/`): sockets here, what was heard pushed to the agent every half second."""

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable

from natvakt_agent.listeners.hearing import LONGEST_MESSAGE_OCTETS, Hearing
from natvakt_agent.listeners.messages import COUNTS, LISTEN, Counts, ListenRefused, Settings, packed, unpacked
from natvakt_agent.listeners.sockets import Datagrams, Streams, server_context

PUSH_SECONDS = 0.5


class ListenService:
    """`isolation.service.Service`. Listens once in its life: other settings mean another process."""

    def __init__(self, monotonic_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._monotonic_ns = monotonic_ns
        self._push: Callable[[bytes], None] = lambda _: None
        self._hearing: Hearing | None = None
        self._sockets: dict[str, Datagrams | Streams] = {}
        self._is_over = threading.Event()
        self._pusher = threading.Thread(target=self._push_on, name="push", daemon=True)

    def start(self, push: Callable[[bytes], None]) -> None:
        self._push = push

    def handle(self, method: str, argument: bytes) -> bytes:
        """Raises ListenRefused."""
        if method == LISTEN:
            self._listen(unpacked(argument, Settings))
        elif method != COUNTS:
            raise ValueError(f"no method {method!r}; there are {LISTEN} and {COUNTS}")
        return packed(self._told())

    def stop(self) -> None:
        self._is_over.set()
        for each in self._sockets.values():
            each.stop()
        if self._pusher.is_alive():
            self._pusher.join(2 * PUSH_SECONDS)
        self.push_now(is_end=True)

    def _listen(self, settings: Settings) -> None:
        """Everything is bound before anything is heard."""
        if self._hearing is not None:
            raise ListenRefused("this process listens already; start another one")
        hearing = Hearing(settings, self._monotonic_ns)
        try:
            for address in settings.addresses:
                self._bind(address, settings, hearing)
        except ListenRefused:
            for each in self._sockets.values():
                each.stop()
            self._sockets.clear()
            raise
        self._hearing = hearing
        for each in self._sockets.values():
            each.start()
        self._pusher.start()

    def _bind(self, address: str, settings: Settings, hearing: Hearing) -> None:
        datagrams = (
            ("traps", "trap_port", settings.trap_port, hearing.take_trap),
            ("syslog-udp", "syslog_udp_port", settings.syslog_udp_port, hearing.take_syslog),
            ("flows", "flow_port", settings.flow_port, hearing.take_export),
        )
        for name, setting, port, take in datagrams:
            if port is not None:
                self._sockets[f"{name} {address}"] = Datagrams(address, port, setting, take)
        streams: list[tuple[str, int | None, ssl.SSLContext | None]] = [("syslog_tcp_port", settings.syslog_tcp_port, None)]
        if settings.syslog_tls_port is not None:
            tls = server_context(settings.certificate_file, settings.key_file, settings.client_ca_file)
            streams.append(("syslog_tls_port", settings.syslog_tls_port, tls))
        for setting, port, context in streams:
            if port is not None:
                name = setting.removesuffix("_port").replace("_", "-")
                self._sockets[f"{name} {address}"] = Streams(
                    address, port, setting, hearing.take_syslog, hearing.is_welcome, LONGEST_MESSAGE_OCTETS, context
                )

    def push_now(self, is_end: bool = False) -> None:
        pushed = self._hearing.collected(is_end) if self._hearing is not None else None
        if pushed is not None:
            self._push(packed(pushed))

    def _push_on(self) -> None:
        while not self._is_over.wait(PUSH_SECONDS):
            self.push_now()

    def _told(self) -> Counts:
        counts = Counter(self._hearing.counts() if self._hearing is not None else {})
        for each in self._sockets.values():
            if isinstance(each, Streams):
                counts.update({f"stream {reason}": count for reason, count in each.counts.items() if count})
        return Counts(ports={name: each.port for name, each in self._sockets.items()}, counts=dict(sorted(counts.items())))


def service() -> ListenService:
    return ListenService()
