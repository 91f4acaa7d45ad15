"""Generated configurations with secrets that must not leave a site, and the search for them in whatever did.

Each secret is a canary of its own: random letters, or what people think of. It stands where the grammar says, and again in places where the
grammar says nothing: descriptions, remarks, banners, comments, applets, in every form that a secret can be written in.
"""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, unquote_to_bytes

from natvakt_wire.scrubbing import type_seven
from testkit.secret_pieces import Piece

LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SEASONS = ("Sommar", "Vinter", "Kungsbacka", "Trollhattan", "Fotboll", "Lingonris", "Snickarboa")
_PLACEHOLDER = re.compile(r"%[s756 89xd]")


@dataclass(frozen=True, slots=True)
class Generated:
    """A configuration, the secrets in it, those of them that the vault holds, and the lines that hold no secret."""

    os: str
    text: str
    canaries: Sequence[str]
    vault: Sequence[str]
    ordinary: Sequence[str]


def random_canary(random: Random) -> str:
    return "".join(random.choice(LETTERS) for _ in range(random.randrange(11, 18)))


def canary(random: Random) -> str:
    """Letters at random, or a word with a year and a mark, as people choose them."""
    if random.random() < 0.6:
        return random_canary(random)
    return (
        f"{random.choice(_SEASONS)}{random.choice('!#%&+')}{random.randrange(1950, 2030)}{random.choice(LETTERS)}{random.choice(LETTERS)}"
    )


def generate(random: Random, os: str, pieces: Sequence[Piece]) -> Generated:
    """One configuration of a system, from pieces of it. The same random numbers give the same text."""
    canaries: list[str] = []

    def fresh(made: str) -> str:
        canaries.append(made)
        return made

    vault = [fresh(canary(random)) for _ in range(3)]
    ordinary: list[str] = []
    lines: list[str] = ["!"]
    for piece in random.sample(list(pieces), k=min(12, len(pieces))):
        lines += [*(_filled(line, random, fresh) for line in piece.lines), "!"]
        plain = _ordinary_lines(random)
        ordinary += plain
        lines += [*plain, "!"]
    known = [one for one in canaries if not one.startswith("$")]
    for secret in [*vault, *random.sample(known, k=min(4, len(known)))]:
        lines += _hidden(random, _in_some_form(random, secret))
    for _ in range(4):
        secret = fresh(canary(random))
        lines += _hidden(random, f"{random.choice(_ANNOUNCEMENTS)}{secret}")
        lines += _hidden(random, _in_some_form(random, fresh(random_canary(random)), may_split=False))
    return Generated(os, "\n".join([*lines, "end", ""]), canaries, vault, ordinary)


def _filled(line: str, random: Random, fresh: Callable[[str], str]) -> str:
    def fill(match: re.Match[str]) -> str:
        match match[0][1]:
            case "d":
                return str(random.randrange(100_000, 4_000_000_000))
            case "s":
                return fresh(canary(random))
            case "7":
                return type_seven.encode(fresh(canary(random)), random.randrange(16))
            case "x":
                return fresh(canary(random)).encode().hex()
            case "6":
                return fresh(base64.b64encode(random.randbytes(32)).decode())
            case digit:
                salt, hashed = random_canary(random), base64.b64encode(random.randbytes(24)).decode().replace("+", ".")
                return fresh(f"${digit}${salt}${hashed}")

    return _PLACEHOLDER.sub(fill, line)


_ANNOUNCEMENTS = (
    "password: ",
    "password is ",
    "pw=",
    "passwd ",
    "lösenord: ",
    "lösenordet är ",
    "snmp community ",
    "psk ",
    "PIN: ",
    "secret = ",
    "key: ",
    "login admin/",
)


def _in_some_form(random: Random, secret: str, may_split: bool = True) -> str:
    """The secret in one of its forms; a line end inside it where it is split."""
    raw = secret.encode()
    cut = random.randrange(4, len(secret) - 4)
    encoded = base64.b64encode(raw).decode()
    forms = [
        secret,
        type_seven.encode(secret, random.randrange(53)),
        encoded,
        base64.b64encode(b"user:" + raw).decode(),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
        raw.hex().upper(),
        raw.hex(":"),
        quote(secret, safe=""),
        "".join(f"%{byte:02x}" for byte in raw),
    ]
    if may_split:
        forms += [
            f"{secret[:cut]}\n{secret[cut:]}",
            f"{raw.hex()[: 2 * cut]}\n {raw.hex()[2 * cut :]}",
            f"{encoded[:cut]}\n  {encoded[cut:]}",
            secret[::-1],
        ]
    return random.choice(forms)


_PLACES = (
    ("interface GigabitEthernet1/0/{n}", " description to printer {s} second floor"),
    ("ip access-list extended HIDDEN{n}", " remark before change {n} {s} after", " permit ip any any"),
    ("! kept for later {s} by the night shift",),
    ("banner motd ^C", "Welcome to {s}", "Keep out", "^C"),
    ("alias exec show{n} show running-config | include {s}",),
    ("event manager applet NIGHT{n}", ' action 1.0 syslog msg "started {s} now"'),
    ("snmp-server contact operations {s}",),
    ("snmp-server location rack {n} {s}",),
)


def _hidden(random: Random, secret: str) -> list[str]:
    number = random.randrange(1, 48)
    place = random.choice(_PLACES)
    return "\n".join([*(line.replace("{n}", str(number)).replace("{s}", secret) for line in place), "!"]).split("\n")


_ORDINARY = (
    "interface GigabitEthernet1/0/{n}",
    " switchport mode access",
    " switchport access vlan {v}",
    " ip address 10.{n}.{v8}.1 255.255.255.0",
    " ip helper-address 10.1.1.{n}",
    " spanning-tree portfast",
    " no shutdown",
    " service-policy output QOS-OUT-{n}",
    "ip route 10.{n}.0.0 255.255.0.0 192.0.2.{n} name TO-BRANCH{n}",
    "ntp server 10.1.1.{n} prefer",
    "logging host 10.1.1.{n}",
    " permit tcp 10.{n}.0.0 0.0.255.255 host 10.2.2.{n} eq 443 log",
    " deny   udp any any range 137 139",
    "vlan {v}",
    " name USERS-FLOOR{n}",
    "spanning-tree vlan {v} priority 4096",
    "aaa authentication login default group tacacs+ local enable",
    "aaa authorization exec default group TAC-SERVERS local if-authenticated",
    "service password-encryption",
    "ip ssh version 2",
    "crypto key generate rsa modulus 2048 label SSH-KEY",
    "crypto ipsec transform-set AES256-SHA esp-aes 256 esp-sha256-hmac",
    " set transform-set AES256-SHA",
    "router ospf {n}",
    " network 10.{n}.0.0 0.0.255.255 area {n}",
    " set community 65010:{v} additive",
    " neighbor 192.0.2.{n} send-community both",
    "boot system flash:c2960x-universalk9-mz.152-7.E{n}.bin",
    "license udi pid WS-C2960X-24TS-L sn FOC{v4}X0AB",
    " description Uplink to SW-CORE-{n} Te1/1/{n}",
    "hostname SE-STO-ACC{n}",
    "mac address-table static 0011.22aa.bb{n2} vlan {v} interface Gi1/0/{n}",
    "ipv6 route 2001:db8:{n}::/48 2001:db8::{n}",
    "snmp-server location Stockholm, plan {n}, rum {v}",
)


def _ordinary_lines(random: Random) -> list[str]:
    number, vlan = random.randrange(1, 48), random.randrange(100, 999)
    values = {"{n}": str(number), "{n2}": f"{number:02d}", "{v}": str(vlan), "{v8}": str(vlan % 256), "{v4}": str(1000 + vlan)}
    lines = random.sample(_ORDINARY, k=12)
    for name, value in values.items():
        lines = [line.replace(name, value) for line in lines]
    return lines


def leaks(text: str, canaries: Sequence[str]) -> list[str]:
    """The canaries that can be read out of a text by any of the forms they may stand in, over the ends of lines too."""
    readable = "\n".join(_readings(text))
    return [one for one in canaries if one in readable or one[::-1] in readable]


def _readings(text: str) -> list[str]:
    """The text, run together, and everything in it decoded."""
    joined = "".join(line.strip() for line in text.split("\n"))
    found = [text, joined, unquote_to_bytes(joined).decode("latin-1")]
    for body in (text, joined):
        for word in re.findall(r"(?=((?<![0-9A-Fa-f])[0-9A-Fa-f]{8,}))", body):
            found += [plain for start in (0, 1) if (plain := type_seven.decode(word[start:][: (len(word) - start) // 2 * 2]))]
        for word in re.findall(r"[0-9A-Fa-f]{2}(?:[ :]?[0-9A-Fa-f]{2}){3,}", body):
            found += [bytes.fromhex(re.sub("[ :]", "", word)).decode("latin-1")]
        for word in re.findall(r"[A-Za-z0-9+/_-]{8,}", body):
            standard = word.replace("-", "+").replace("_", "/")
            for start in range(4):
                piece = standard[start:]
                piece = piece[: len(piece) // 4 * 4] if len(piece) % 4 == 1 else piece
                found.append(base64.b64decode(piece + "=" * (-len(piece) % 4)).decode("latin-1"))
    return found
