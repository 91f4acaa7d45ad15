"""What a priority class may send, what it is a part of, and what the calls through its router need.

A class says its rate as a share or in kbit/s, or leaves it to its policer (CISCO-CLASS-BASED-QOS-MIB). It is a part of the nearest class
above it that is shaped, else of its port. A call takes its codec's packets of 20 ms with IP, UDP and RTP around them: G.711 50 packets of
200 octets a second, G.729 50 of 60.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from natvakt_server.analysis.evidence import Device, Row
from natvakt_server.analysis.features import text_of
from natvakt_server.analysis.interfaces import by_index, number

SHARES: Mapping[str, float] = MappingProxyType({"percentage": 100.0, "perThousand": 1e3, "perMillion": 1e6})
BITS_PER_SECOND_A_CALL: Mapping[str, float] = MappingProxyType({"g711": 80_000.0, "g729": 24_000.0})
CODEC_LINE = re.compile(r"^[ \t]*codec (?:preference \d+ )?(?P<codec>g\w+)", re.MULTILINE | re.IGNORECASE)
DEEPEST = 4  # policies within policies
SIP, H323, TELEPHONY = "2", "1", "7"  # CvCallConnectionType


@dataclass(frozen=True, slots=True)
class PriorityRate:
    """In bit/s; `shaped`: the whole is a shaper's rate, not the port's. `whole` None where nobody tells it."""

    rate: float | None
    whole: float | None
    shaped: bool
    share: float | None


def priority_rate(device: Device, row: Row) -> PriorityRate:
    shaper = next((number(above, "shape_bits_per_second") for above in _above(device, row) if number(above, "shape_bits_per_second")), None)
    port = by_index(device).get(str(row.get("ifIndex")))
    megabits = number(port, "ifHighSpeed") if port is not None else None
    whole = shaper or (megabits * 1e6 if megabits else None)
    told, unit = number(row, "bandwidth"), str(row.get("bandwidth_unit") or "")
    if told is not None and unit in SHARES:
        share = told / SHARES[unit]
        return PriorityRate(share * whole if whole else None, whole, shaper is not None, share)
    rate = told * 1000 if told and unit == "kbps" else number(row, "police_bits_per_second")
    return PriorityRate(rate, whole, shaper is not None, rate / whole if rate and whole else None)


def _above(device: Device, row: Row) -> Iterator[Row]:
    """The classes that this one is within, the nearest first."""
    place, wanted = row.get("policy"), row.get("parent_class")
    for _ in range(DEEPEST):
        found = next((each for each in device.table("qos").rows if each.get("policy") == place and each.get("class") == wanted), None)
        if wanted is None or found is None:
            return
        yield found
        wanted = found.get("parent_class")


def most_calls(device: Device, window_days: int) -> int | None:
    """Calls from one IP network to another through this router at once, at least; None where it counts none.

    Each has two IP legs; a call to or from the public network by PRI or analogue line has one, and may have stayed in the building."""
    peaks = {h.key.get("index"): h.maximum or 0.0 for h in device.history("voice", "value", window_days, kind="calls-by-connection")}
    if not peaks:
        return None
    legs = max(peaks.get(SIP, 0.0), peaks.get(H323, 0.0)) - peaks.get(TELEPHONY, 0.0)
    return max(int(legs // 2), 0)


def bits_per_second_a_call(device: Device) -> float:
    """Of G.711 where every codec line says so; else of G.729, which is what IOS speaks where no line says anything."""
    codecs = [found["codec"].lower() for found in CODEC_LINE.finditer(text_of(device) or "")]
    name = "g711" if codecs and all(codec.startswith("g711") for codec in codecs) else "g729"
    return BITS_PER_SECOND_A_CALL[name]
