"""The words a simulated device is described in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from demo.load import SECOND_NS, LoadCurve
from demo.mib import Number, View


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a device is. `address` is its own (10.x); on loopback it answers at `loopback_address`."""

    name: str
    site: str
    address: str
    community: str
    sys_descr: str
    sys_object_id: str
    platform: str  # as CDP names it
    base_mac: bytes
    boot_ns: int
    location: str = "Kista, plan 4"
    engine_boots: int = 7

    @property
    def loopback_address(self) -> str:
        """10.1.0.7 answers at 127.1.0.7."""
        return "127" + self.address[self.address.index(".") :]

    @property
    def engine_id(self) -> bytes:
        """Enterprise 9, format MAC address (RFC 3411, SnmpEngineID)."""
        return bytes.fromhex("8000000903") + self.base_mac

    def uptime_ticks(self, now_ns: int) -> int:
        """Hundredths of a second since boot; the TimeTicks type wraps it after 497 days."""
        return max(now_ns - self.boot_ns, 0) * 100 // SECOND_NS

    def engine_seconds(self, now_ns: int) -> int:
        return max(now_ns - self.boot_ns, 0) // SECOND_NS


class InterfaceType(IntEnum):
    """IANAifType-MIB, the few that occur here."""

    OTHER = 1
    ETHERNET = 6
    DS1 = 18
    PPP = 23
    LOOPBACK = 24
    PROP_VIRTUAL = 53
    ISDN = 77
    TUNNEL = 131
    VLAN = 136
    LAG = 161


class Duplex(IntEnum):
    """dot3StatsDuplexStatus and, but for `unknown`, cdpCacheDuplex."""

    UNKNOWN = 1
    HALF = 2
    FULL = 3


@dataclass(frozen=True, slots=True)
class Traffic:
    """Mean rates over a week, drawn by a curve. Frame sizes turn octets into packets."""

    curve: LoadCurve
    in_octets_per_second: float
    out_octets_per_second: float
    in_frame_octets: int = 640
    out_frame_octets: int = 640


@dataclass(frozen=True, slots=True)
class Interface:
    """One row of the interface tables. Errors are counters of the site's time or plain numbers."""

    index: int
    name: str  # ifName
    long_name: str  # ifDescr
    alias: str = ""
    kind: InterfaceType = InterfaceType.ETHERNET
    speed_mbps: int = 1000
    mtu: int = 1500
    admin_up: bool = True
    up: Number = 1  # 1 up, 2 down
    duplex: Duplex = Duplex.FULL
    connector: bool = True
    mac: bytes = b""
    traffic: Traffic | None = None
    fcs_errors: Number = 0
    late_collisions: Number = 0
    changed_ns: int | None = None  # last state change; None: at boot


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """A device that can be served: who it is and what it shows under which community."""

    identity: Identity
    interfaces: Sequence[Interface]
    views: Mapping[bytes, View]

    @property
    def view(self) -> View:
        """What the plain community shows."""
        return self.views[self.identity.community.encode("ascii")]

    def interface(self, name: str) -> Interface:
        """The interface of this ifName."""
        for interface in self.interfaces:
            if interface.name == name:
                return interface
        raise KeyError(f"{self.identity.name} has no interface {name}")
