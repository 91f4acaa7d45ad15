"""Policies of IKE and proposals of IPsec with their effective values: a value that no line gives is the system's default.

Sources: command references of ASA 9 and IOS 15 / IOS-XE 16 and 17. IKEv1 defaults: DES (IOS) or 3DES (ASA), SHA-1, group 1 or 2; IKEv2 of
ASA: 3DES, SHA-1, group 2 until 9.13, AES and group 14 later.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.domain.configuration.model import Line

MODERN_ASA = (9, 13)


@dataclass(frozen=True, slots=True)
class Policy:
    """`version` of IKE; values as words in lower case. `lines` give them, by name; the head where none does."""

    head: Line
    version: int
    encryption: tuple[str, ...]
    integrity: tuple[str, ...]
    groups: tuple[int, ...]
    lines: dict[str, Line]

    def shown(self, name: str) -> tuple[Line, ...]:
        found = self.lines.get(name)
        return (self.head, found) if found is not None else (self.head,)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A transform set or an IPsec proposal."""

    head: Line
    encryption: tuple[str, ...]
    integrity: tuple[str, ...]
    lines: tuple[Line, ...]


def policies(reading: Reading) -> Sequence[Policy]:
    found = [_policy(reading, head, 1) for head in reading.find(r"crypto (?:isakmp|ikev1) policy \d")]
    found += [_policy(reading, head, 2) for head in reading.find(r"crypto ikev2 (?:policy \d|proposal \S)")]
    return [each for each in found if each.lines or not each.head.text.lower().startswith("crypto ikev2 policy") or reading.system == "asa"]


def _policy(reading: Reading, head: Line, version: int) -> Policy:
    lines: dict[str, Line] = {}
    for name, pattern in (("encryption", r"encr\w* \S"), ("integrity", r"(?:integrity|hash) \S"), ("group", r"group \d")):
        told = reading.find(pattern, head)
        if told:
            lines[name] = told[-1]
    encryption = _words(lines.get("encryption")) or _default_encryption(reading, version)
    integrity = _words(lines.get("integrity")) or (() if any("gcm" in word for word in encryption) else ("sha",))
    groups = tuple(int(word) for word in _words(lines.get("group")) if word.isdigit()) or (_default_group(reading, version),)
    return Policy(head, version, encryption, integrity, groups, lines)


def _default_encryption(reading: Reading, version: int) -> tuple[str, ...]:
    if reading.system != "asa":
        return ("des",) if version == 1 else ("aes-cbc-256",)
    return ("aes",) if version == 2 and (reading.release or (0, 0)) >= MODERN_ASA else ("3des",)


def _default_group(reading: Reading, version: int) -> int:
    if reading.system == "asa":
        return 14 if (reading.release or (0, 0)) >= MODERN_ASA else 2
    return 1 if version == 1 else 5


def _words(line: Line | None) -> tuple[str, ...]:
    """Values of a line; `aes 256` of IOS is one word here."""
    if line is None:
        return ()
    text = re.sub(r"\baes (\d+)", r"aes-\1", line.text.lower())
    return tuple(text.split()[1:])


def proposals(reading: Reading) -> Sequence[Proposal]:
    found: list[Proposal] = []
    for line in reading.find(r"crypto ipsec (?:ikev1 )?transform-set \S+ \S"):
        words = re.sub(r"\b(esp-aes|esp-gcm|esp-gmac) (\d+)", r"\1-\2", line.text.lower()).split()
        transforms = words[words.index("transform-set") + 2 :]
        if transforms[:1] == ["mode"]:
            continue
        encryption = tuple(word for word in transforms if not word.endswith("hmac") and word.startswith("esp"))
        integrity = tuple(word for word in transforms if word.endswith("hmac"))
        found.append(Proposal(line, encryption, integrity, (line,)))
    for head in reading.find(r"crypto ipsec ikev2 ipsec-proposal \S"):
        ciphers, hashes = reading.find(r"protocol esp encryption \S", head), reading.find(r"protocol esp integrity \S", head)
        encryption = tuple(word for line in ciphers for word in line.text.lower().split()[3:]) or ("3des",)
        integrity = tuple(word for line in hashes for word in line.text.lower().split()[3:]) or ("sha-1",)
        found.append(Proposal(head, encryption, integrity, (head, *ciphers, *hashes)))
    return found
