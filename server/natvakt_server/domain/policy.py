"""What a customer sets otherwise than the defaults of the rules, and what its sites are known by: time servers, networks of managers.

Numbers are thresholds by their names; `strict` takes those of the STIG profile. Places are addresses and networks that rules fill into the
commands they propose, and hold configurations against.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from natvakt_server.domain.refusal import WordedRefusal

STRICT = "strict"
LARGEST_NUMBER = 1e9
MOST_PLACES = 50
TIME_SERVERS, LOG_SERVERS, LOGIN_SERVERS, MANAGEMENT_NETWORKS = "time_servers", "log_servers", "login_servers", "management_networks"
PLACES = (TIME_SERVERS, LOG_SERVERS, LOGIN_SERVERS, MANAGEMENT_NETWORKS)


class NotAPolicy(WordedRefusal):
    """Names the place, the value, what is wrong with it and what to write instead."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that rules judge by. `strict` is the STIG profile's, None where that is the same; a share is between 0 and 1."""

    name: str
    default: float
    strict: float | None = None
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class CustomerPolicy:
    """`numbers` by name of the threshold, those that differ; `places` by kind, in order."""

    tenant: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    given_ns: int = 0
    by: str = ""


class PolicyBook(Protocol):
    def put_policy(self, policy: CustomerPolicy) -> None:
        """In place of the one before it, whole."""
        ...

    def policy(self, tenant: str) -> CustomerPolicy | None:
        """None where nobody has set anything."""
        ...


def read_number(threshold: Threshold, text: str) -> float | None:
    """What a person wrote for a threshold; nothing written, or the default, is None. Raises NotAPolicy."""
    written = text.strip().replace(",", ".")
    if not written:
        return None
    try:
        number = float(written)
    except ValueError:
        raise NotAPolicy(
            f"{threshold.name}: {text[:40]!r} is no number; write one such as {threshold.default:g}, or nothing",
            "policy-no-number",
            place=threshold.name,
            value=text[:40],
            example=f"{threshold.default:g}",
        ) from None
    most = 1.0 if threshold.is_share else LARGEST_NUMBER
    if not 0 <= number <= most:
        raise NotAPolicy(
            f"{threshold.name}: {text[:40]!r} is not between 0 and {most:g}; the default is {threshold.default:g}",
            "policy-out-of-range",
            place=threshold.name,
            value=text[:40],
            most=f"{most:g}",
            example=f"{threshold.default:g}",
        )
    return None if number == threshold.default else number


def read_places(kind: str, text: str) -> Sequence[str]:
    """Addresses, or networks of managers, one a line or with commas between; each once, in order. Raises NotAPolicy."""
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for word in line.replace(",", " ").split():
            found[_place(kind, number, word)] = None
    if len(found) > MOST_PLACES:
        raise NotAPolicy(
            f"{kind}: {len(found)} are more than {MOST_PLACES}; sum networks up into larger ones",
            "policy-too-many",
            place=kind,
            value=str(len(found)),
            most=str(MOST_PLACES),
        )
    return tuple(found)


def _place(kind: str, number: int, word: str) -> str:
    try:
        if kind == MANAGEMENT_NETWORKS:
            return str(ipaddress.ip_network(word))
        return str(ipaddress.ip_address(word))
    except ValueError:
        example = "10.1.9.0/24" if kind == MANAGEMENT_NETWORKS else "10.1.0.61"
        raise NotAPolicy(
            f"{kind}: line {number}: {word[:60]!r} is none; write one such as {example}",
            "policy-no-network" if kind == MANAGEMENT_NETWORKS else "policy-no-address",
            place=kind,
            line=str(number),
            value=word[:60],
            example=example,
        ) from None
