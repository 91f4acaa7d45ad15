"""A TCP line that can be held: what comes from the client stops after so many bytes, and a test does its worst at that very moment."""

import socket
import threading
from contextlib import suppress


class Tap:
    """Listens on `port` of loopback and passes everything on to `target`. Open until `hold_after`."""

    def __init__(self, port: int, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", port))
        self._left: int | None = None
        self._open = threading.Event()
        self._open.set()
        self._count = threading.Lock()
        self.held = threading.Event()
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def hold_after(self, octets: int) -> None:
        """The next `octets` bytes from clients pass, then nothing more until it is released or told to hold after more."""
        with self._count:
            self._left = octets
            self.held.clear()
            self._open.set()

    def release(self) -> None:
        with self._count:
            self._left = None
        self._open.set()

    def close(self) -> None:
        self.release()
        for each in (self._listener, *self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            self._sockets += [client, server]
            threading.Thread(target=self._pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, False), daemon=True).start()

    def _pump(self, source: socket.socket, drain: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if counted:
                    data = self._pass(data, drain)
                    self._open.wait()
                drain.sendall(data)
        for each in (source, drain):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _pass(self, data: bytes, drain: socket.socket) -> bytes:
        """Send on what may pass; answers what may not yet."""
        with self._count:
            if self._left is None:
                return data
            now, later = data[: self._left], data[self._left :]
            self._left -= len(now)
            if not later and self._left:
                return now
            self._open.clear()
        drain.sendall(now)
        self.held.set()
        return later
