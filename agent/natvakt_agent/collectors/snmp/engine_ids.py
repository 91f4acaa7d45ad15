"""Whose SNMPv3 engine is whose (promise 35): a device that comes back with another engine id, and two devices with one.

An engine id is part of how a device is recognised. One that changes while the device still knows our key is replaced hardware, a
restored configuration, or somebody in its place; one that two devices share lets each spoil the other's notion of time for managers that
keep it by engine id, and makes two devices look like one.
"""

import threading
from collections.abc import Sequence


class EngineIds:
    """Safe to use from several threads. Only what an authenticated conversation told is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[bytes, str]] = {}

    def noted(self, device: str, name: str, engine_id: bytes) -> Sequence[str]:
        """What to tell a person about it, once for a change and at every look for a shared one."""
        with self._lock:
            before = self._known.get(device)
            self._known[device] = (engine_id, name)
            others = sorted(other for key, (known, other) in self._known.items() if known == engine_id and key != device)
        told = []
        if before is not None and before[0] != engine_id:
            told.append(
                f"the SNMPv3 engine id changed from {before[0].hex()} to {engine_id.hex()}, and it knows our key: replaced hardware, "
                "a restored configuration, or another device in its place"
            )
        if others:
            told.append(
                f"the SNMPv3 engine id {engine_id.hex()} is also that of {', '.join(others)}: give each device its own "
                "(`snmp-server engineID local`)"
            )
        return told

    def forget(self, device: str) -> None:
        with self._lock:
            self._known.pop(device, None)
