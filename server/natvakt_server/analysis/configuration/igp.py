"""Which interfaces speak an interior routing protocol, and how they prove who they are there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from natvakt_server.analysis.configuration.addresses import Network, network
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.configuration.ranges import interface_key

_PROCESS = r"(?P<v6>ipv6 )?router (?P<protocol>ospf|ospfv3|eigrp|rip|isis)(?: (?P<name>\S+))?"


class Proof(IntEnum):
    """How neighbours prove themselves, the weakest first."""

    NONE = 0
    CLEAR = 1
    MD5 = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Speaker:
    """An interface on which a process speaks. `lines` show how it proves itself; the process's first line where nothing does."""

    port: Interface
    protocol: str
    process: Line
    proof: Proof
    lines: tuple[Line, ...]


def speakers(reading: Reading) -> Sequence[Speaker]:
    found: list[Speaker] = []
    for head in reading.find(_PROCESS):
        match = re.match(_PROCESS, head.text, re.IGNORECASE)
        if match is None:
            continue
        protocol = "ospfv3" if match["v6"] and match["protocol"].lower() == "ospf" else match["protocol"].lower()
        below = reading.inside(head, r"\S")
        for port in reading.interfaces:
            if _speaks(port, protocol, re.escape(match["name"] or ""), below) and not _is_passive(port, below):
                proof, lines = _proof(reading, port, protocol, below)
                found.append(Speaker(port, protocol, head, proof, lines or (port.line, head)))
    return found


def _speaks(port: Interface, protocol: str, name: str, below: Sequence[Line]) -> bool:
    if port.shut or port.name.lower().startswith(("loopback", "lo", "null")) or not (port.has_address or port.last("ip unnumbered")):
        return False
    own = {
        "ospf": rf"(?:ip ospf {name} area|ip router ospf {name} area)",
        "ospfv3": r"(?:ipv6 ospf \d+ area|ospfv3 \d+ ipv[46] area)",
        "eigrp": r"ip router eigrp ",
        "isis": r"(?:ip|ipv6) router isis",
        "rip": r"ip router rip ",
    }[protocol]
    if port.last(own) is not None:
        return True
    networks = [line.text.split() for line in below if line.text.lower().startswith("network ")]
    for words in networks:
        each = _network(words)
        if each is None or any(address.version == each.version and address.ip in each for address in port.addresses):
            return True
    return False


def _network(words: Sequence[str]) -> Network | None:
    if len(words) > 2 and "." in words[2]:
        return network(words[1], words[2])
    first = words[1].split(".")[0]
    if not first.isdigit() or len(words) < 2:
        return None
    length = 8 if int(first) < 128 else 16 if int(first) < 192 else 24  # a class, as RIP and EIGRP without a mask mean it
    return network(words[1] if "/" in words[1] else f"{words[1]}/{length}")


def _is_passive(port: Interface, below: Sequence[Line]) -> bool:
    if port.last(r"ip ospf passive-interface|ip passive-interface|isis passive") is not None:
        return True
    key = interface_key(port.name)
    passive = any(line.text.lower() == "passive-interface default" for line in below)
    for line in below:
        words = line.text.lower().removeprefix("no ").split(maxsplit=1)
        if words[0] == "passive-interface" and len(words) > 1 and interface_key(words[1]) == key:
            passive = not line.text.lower().startswith("no ")
    return passive


def _proof(reading: Reading, port: Interface, protocol: str, below: Sequence[Line]) -> tuple[Proof, tuple[Line, ...]]:
    if protocol in ("ospf", "ospfv3"):
        return _ospf(reading, port, below, newer=protocol == "ospfv3")
    if protocol == "eigrp":
        own = port.all(r"ip authentication (?:mode|key-chain) eigrp ")
        named = [line for line in below if re.match(r"authentication (?:mode|key-chain) ", line.text, re.IGNORECASE)]
        lines = own or named
    elif protocol == "rip":
        lines = port.all(r"ip rip authentication ")
    else:
        own = port.all(r"isis authentication |isis password ")
        lines = own or [line for line in below if re.match(r"(?:authentication|area-password|domain-password) ", line.text, re.IGNORECASE)]
    text = " ".join(line.text.lower() for line in lines)
    strong = re.search(r"hmac-sha|sha-(?:256|384|512)", text) is not None
    keyed = re.search(r"\bmd5\b|key-chain", text) is not None
    proof = Proof.STRONG if strong else Proof.MD5 if keyed else Proof.CLEAR if text else Proof.NONE
    return proof, tuple(lines)


def _ospf(reading: Reading, port: Interface, below: Sequence[Line], *, newer: bool) -> tuple[Proof, tuple[Line, ...]]:
    """An interface's own line counts before its area's; a key chain is as strong as the algorithm of its keys."""
    family = r"(?:ospfv3|ipv6 ospf) (?:\d+ )?(?:ipv[46] )?" if newer else r"(?:ip )?ospf (?:\d+ )?"
    own = port.last(rf"{family}(?:authentication|encryption)(?:$| (?!key))")
    chain = port.last(rf"{family}authentication key-chain \S")
    areas = [line for line in below if re.match(r"area \S+ (?:authentication|encryption)", line.text, re.IGNORECASE)]
    told = chain or own or (areas[-1] if areas else None)
    if told is None:
        return Proof.NONE, ()
    text = told.text.lower()
    if "null" in text.split()[-1:] or text.endswith("null"):
        return Proof.NONE, (told,)
    if "key-chain" in text:
        name = told.text.split()[-1]
        keys = reading.below(rf"key chain {re.escape(name)}(?: |$)", r"(?:cryptographic-algorithm \S|key \d)")
        algorithms = [line for line in keys if line.text.lower().startswith("cryptographic-algorithm")]
        md5 = [line for line in algorithms if "md5" in line.text.lower()]
        return (Proof.MD5, (told, *md5)) if md5 else (Proof.STRONG, (told, *algorithms))
    if "ipsec" in text or "sha" in text:
        return (Proof.MD5 if "md5" in text else Proof.STRONG), (told,)
    return (Proof.MD5 if "message-digest" in text else Proof.CLEAR), (told,)
