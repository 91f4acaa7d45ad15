"""The control channel of the simulated site: one datagram asks, one answers, on loopback.

- `set-time NS`: the site's clock stands at NS; `ok NS`
- `run`: it follows the wall clock again; `ok NS`
- `time`: what time it is there; `ok NS`
- `mute NAME`: the SNMP agent of that device hangs, the device still answers its probe port; `speak NAME`: it answers again; `ok NS`
- anything else: `error REASON`
"""

import socket
from typing import Self

from demo.simclock import SiteClock

MAXIMUM_COMMAND_OCTETS = 128
LAST_INSTANT_NS = 2**63 - 1


def obey(command: bytes, clock: SiteClock, muted: dict[str, bool]) -> bytes:
    """Carry out one command on `clock` or `muted` (by name of every device, whether its SNMP agent hangs) and say how it went."""
    words = command.decode("ascii", "replace").split()
    match words:
        case ["set-time", number] if number.isdecimal() and int(number) <= LAST_INSTANT_NS:
            clock.stand_at(int(number))
        case ["set-time", number]:
            return f"error set-time {number!r}: give whole nanoseconds since 1970".encode()
        case ["run"]:
            clock.run()
        case ["time"]:
            pass
        case ["mute" | "speak" as word, name] if name in muted:
            muted[name] = word == "mute"
        case ["mute" | "speak", name]:
            return f"error {name[:40]!r} is no device here".encode()
        case _:
            return b"error unknown command: use set-time NS, run, time, mute NAME or speak NAME"
    return f"ok {clock.now_ns()}".encode()


class ControlError(RuntimeError):
    """The simulated site refused a command or did not answer."""


class ControlClient:
    """Moves the clock of a running site. Every call returns the site's time once the site has obeyed."""

    def __init__(self, port: int, host: str = "127.0.0.1", timeout_seconds: float = 5.0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(timeout_seconds)
        self._socket.connect((host, port))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def set_time(self, instant_ns: int) -> int:
        return self._ask(f"set-time {instant_ns}")

    def run(self) -> int:
        return self._ask("run")

    def time(self) -> int:
        return self._ask("time")

    def mute(self, device: str) -> int:
        return self._ask(f"mute {device}")

    def speak(self, device: str) -> int:
        return self._ask(f"speak {device}")

    def _ask(self, command: str) -> int:
        try:
            self._socket.send(command.encode("ascii"))
            answer = self._socket.recv(MAXIMUM_COMMAND_OCTETS).decode("ascii", "replace")
        except OSError as error:
            raise ControlError(f"{command!r}: the site's control channel did not answer ({error}); is demo.site running?") from error
        word, _, rest = answer.partition(" ")
        if word != "ok":
            raise ControlError(f"{command!r}: {rest or answer}")
        return int(rest)
