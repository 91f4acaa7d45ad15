"""The second SNMP engine, as the service of a child process (`isolation/`): pysnmp is imported here and nowhere in the agent's own process.

Each call runs in a thread of its own with a blocking socket: no loop that one long decoding could hold up, and what decoding may cost
is bounded before it begins (`ber_limits.py`). What is known of a device's SNMPv3 engine stays between calls, one device apart from the
other: two devices with the same engine id do not disturb each other's boots and time.
"""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from natvakt_agent.collectors.snmp.child_messages import ASK, ASK_TYPED, FIND_PROTOCOLS, Peer, Question, Search, packed, unpacked
from natvakt_agent.collectors.snmp.pysnmp_device import Device

MOST_DEVICES = 256


class PysnmpService:
    """`isolation.service.Service`. Faults of the port travel by their class name; none of them holds a secret."""

    def __init__(self, random: Callable[[int], bytes] = os.urandom, monotonic_seconds: Callable[[], float] = time.monotonic) -> None:
        self._random, self._monotonic_seconds = random, monotonic_seconds
        self._lock = threading.Lock()
        self._devices: OrderedDict[Peer, Device] = OrderedDict()

    def start(self, push: Callable[[bytes], None]) -> None:
        """Nothing is pushed."""

    def handle(self, method: str, argument: bytes) -> bytes:
        if method == ASK:
            question = unpacked(argument, Question)
            return packed(self._device(question.peer).ask(question))
        if method == ASK_TYPED:
            question = unpacked(argument, Question)
            return packed(self._device(question.peer).ask_typed(question))
        if method == FIND_PROTOCOLS:
            search = unpacked(argument, Search)
            return packed(self._device(search.peer).find_protocols(search))
        raise ValueError(f"no method {method!r}; there are {ASK}, {ASK_TYPED} and {FIND_PROTOCOLS}")

    def stop(self) -> None:
        with self._lock:
            while self._devices:
                self._devices.popitem()[1].close()

    def _device(self, peer: Peer) -> Device:
        """The device of this peer; contexts and communities per VLAN share one."""
        key = peer.without_place()
        with self._lock:
            if key not in self._devices:
                self._devices[key] = Device(key, self._random, self._monotonic_seconds)
                if len(self._devices) > MOST_DEVICES:
                    self._devices.popitem(last=False)[1].close()
            self._devices.move_to_end(key)
            return self._devices[key]


def service() -> PysnmpService:
    return PysnmpService()
