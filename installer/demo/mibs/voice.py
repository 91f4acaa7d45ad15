"""CISCO-CCM-MIB, CISCO-DSP-MGMT-MIB, CISCO-SRST-MIB: call manager, gateway and survivability."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.mib import MibBuilder, Number, Value, gauge, integer, octets, text
from demo.world import switch_at

CCM_ENTRY = "1.3.6.1.4.1.9.9.156.1.1.2.1"
CCM_PHONE_ENTRY = "1.3.6.1.4.1.9.9.156.1.2.1.1"
CCM_GLOBAL = "1.3.6.1.4.1.9.9.156.1.5"
DSP_CARD_ENTRY = "1.3.6.1.4.1.9.9.86.1.1.1.1"
SRST_CONFIGURATION = "1.3.6.1.4.1.9.9.441.1.2"
SRST_ACTIVE = "1.3.6.1.4.1.9.9.441.1.3"

UP, REGISTERED, UNREGISTERED = 2, 2, 3
ENABLED, INACTIVE = 1, 2
CARD_NORMAL = 1
IPV4 = 1


@dataclass(frozen=True, slots=True)
class Phone:
    name: str
    address: str
    load: str
    lost_ns: int | None = None  # when it lost its registration


def call_manager(mib: MibBuilder, name: str, address: str, version: str, phones: Sequence[Phone], gateways: int) -> None:
    """One node with its phones; the global counts follow from the phones."""
    mib.row(
        CCM_ENTRY,
        (1,),
        {
            2: text(name),
            3: text("Publisher"),
            4: text(version),
            5: integer(UP),
            6: integer(IPV4),
            7: octets(_address(address)),
            8: text("Cluster-HQ"),
        },
    )
    lost = [phone.lost_ns for phone in phones if phone.lost_ns is not None]

    def unregistered(now_ns: int) -> int:
        return sum(instant <= now_ns for instant in lost)

    mib.scalar(f"{CCM_GLOBAL}.5", gauge(lambda now_ns: len(phones) - unregistered(now_ns)))
    mib.scalar(f"{CCM_GLOBAL}.6", gauge(unregistered))
    mib.scalar(f"{CCM_GLOBAL}.7", gauge(0))
    mib.scalar(f"{CCM_GLOBAL}.8", gauge(gateways))
    for column in (9, 10, 12, 13):
        mib.scalar(f"{CCM_GLOBAL}.{column}", gauge(0))
    mib.scalar(f"{CCM_GLOBAL}.11", gauge(4))
    for index, phone in enumerate(phones, 1):
        mib.row(CCM_PHONE_ENTRY, (index,), _phone_columns(index, phone))


def _phone_columns(index: int, phone: Phone) -> dict[int, Value]:
    status: Number = REGISTERED if phone.lost_ns is None else switch_at(phone.lost_ns, REGISTERED, UNREGISTERED)
    return {
        2: octets(bytes.fromhex(phone.name.removeprefix("SEP"))),
        4: text(f"Phone {index}"),
        6: octets(_address(phone.address)),
        7: integer(status),
        10: text(phone.load),
        20: text(phone.name),
    }


def dsp(mib: MibBuilder, used_percent: Number, highest_percent: int) -> None:
    """One voice DSP card."""
    mib.row(DSP_CARD_ENTRY, (1,), {2: integer(CARD_NORMAL), 3: gauge(used_percent), 4: gauge(highest_percent)})


def survivable_telephony(mib: MibBuilder, maximum_phones: int) -> None:
    """SRST enabled, not active: the call manager is in reach."""
    mib.scalar(f"{SRST_CONFIGURATION}.1", integer(ENABLED))
    mib.scalar(f"{SRST_CONFIGURATION}.7", gauge(maximum_phones))
    mib.scalar(f"{SRST_ACTIVE}.1", integer(INACTIVE))
    mib.scalar(f"{SRST_ACTIVE}.2", gauge(0))


def _address(dotted: str) -> bytes:
    return bytes(int(part) for part in dotted.split("."))
