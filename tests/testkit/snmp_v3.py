"""An authoritative SNMPv3 engine of our own making (RFC 3414): it can do what no real agent can be made to do.

SHA-256 and AES-128 by hashlib and cryptography alone, so that neither engine under test is checked against itself.
"""

import functools
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.snmp import (
    INTEGER,
    OCTETS,
    RESPONSE,
    Answers,
    Cell,
    Oid,
    Question,
    elements,
    encoded,
    encoded_cell,
    encoded_integer,
    encoded_oid,
    looked_up,
    oid_of,
    read_pdu,
    with_exceptions,
)

REPORT = 0xA8
STATS = "1.3.6.1.6.3.15.1.1"
UNSUPPORTED_LEVEL, NOT_IN_TIME, UNKNOWN_USER, UNKNOWN_ENGINE, WRONG_DIGEST, DECRYPTION = range(1, 7)
MAC_OCTETS = 24
USER, AUTH_KEY, PRIVACY_KEY = b"watcher", b"authentication", b"privacy-key"


@functools.lru_cache
def localised(passphrase: bytes, engine_id: bytes) -> bytes:
    """RFC 3414, A.2 with SHA-256 (RFC 7860)."""
    master = hashlib.sha256((passphrase * (1_048_576 // len(passphrase) + 1))[:1_048_576]).digest()
    return hashlib.sha256(master + engine_id + master).digest()


@dataclass(frozen=True)
class Asked:
    """What a message said. `is_proven`: its digest was right."""

    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    is_proven: bool
    question: Question | None
    context: bytes = b""


@dataclass
class V3Device:
    """`change` may alter each answer's parts just before it is secured; `asked` is everything that came."""

    answers: Answers
    engine_id: bytes = bytes.fromhex("80001f8804") + b"device-one"
    boots: int = 7
    time: int = 1_000
    change: Callable[["Message"], "Message | None"] = lambda message: message
    asked: list[Asked] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def reply(self, packet: bytes) -> list[bytes]:
        message = self.change(self.message(packet))
        out = [message.sealed()] if message is not None else []
        self.sent += out
        return out

    def message(self, packet: bytes) -> "Message":
        """The honest answer, before it is secured."""
        self.asked.append(self._read(packet))
        return self._answer(self.asked[-1])

    def _answer(self, asked: Asked) -> "Message":
        """RFC 3414, 3.2, in its order."""
        report = self._report(asked)
        if asked.engine_id != self.engine_id:
            return report(UNKNOWN_ENGINE)
        if asked.user != USER:
            return report(UNKNOWN_USER)
        if asked.flags & 3 != 3:
            return report(UNSUPPORTED_LEVEL)
        if not asked.is_proven:
            return report(WRONG_DIGEST)
        if asked.boots != self.boots or abs(asked.time - self.time) > 150:
            return replace(report(NOT_IN_TIME), flags=1, user=USER)
        if asked.question is None:
            return report(DECRYPTION)
        cells = with_exceptions(asked.question, looked_up(self.answers, asked.question))
        return Message(self.engine_id, self.boots, self.time, asked.message_id, 3, USER, asked.question.request_id, cells)

    def _report(self, asked: Asked) -> Callable[[int], "Message"]:
        def report(which: int) -> Message:
            number = asked.question.request_id if asked.question else b"\0"  # RFC 3412, 7.1, 3c
            counter = [(oid_of(f"{STATS}.{which}.0"), Cell(0x41, 1))]
            return Message(self.engine_id, self.boots, self.time, asked.message_id, 0, b"", number, counter, REPORT)

        return report

    def _read(self, packet: bytes) -> Asked:
        ((_, message),) = elements(packet)
        _, (_, header), (_, security), (tag, data) = elements(message)
        message_id, _, flags, _ = (body for _, body in elements(header))
        ((_, parameters),) = elements(security)
        engine_id, boots, time, user, mac, salt = (body for _, body in elements(parameters))
        blank = packet.replace(mac, bytes(len(mac)), 1) if mac else packet
        is_proven = len(mac) == MAC_OCTETS and hmac.compare_digest(_mac(engine_id, blank), mac)
        number, plain = int.from_bytes, encoded(tag, data)
        if flags[0] & 2:
            plain = _crypt(engine_id, number(boots), number(time), salt, data, is_encrypting=False)
        question, context = _question(plain)
        return Asked(number(message_id), flags[0], engine_id, number(boots), number(time), user, is_proven, question, context)


def _question(scoped: bytes) -> tuple[Question | None, bytes]:
    """With its context; None where it was encrypted with another key."""
    try:
        (_, body), *_padding = elements(scoped)
        _, (_, context), (kind, pdu) = elements(body)
        return read_pdu(kind, pdu), context
    except (ValueError, IndexError):
        return None, b""


@dataclass(frozen=True)
class Message:
    engine_id: bytes
    boots: int
    time: int
    message_id: int
    flags: int
    user: bytes
    request_id: bytes
    cells: Sequence[tuple[Oid, Cell]]
    kind: int = RESPONSE
    forged_mac: bytes | None = None

    def scoped(self) -> bytes:
        listing = b"".join(encoded(0x30, encoded_oid(oid) + encoded_cell(cell)) for oid, cell in self.cells)
        pdu = encoded(self.kind, encoded(INTEGER, self.request_id) + encoded_integer(0) * 2 + encoded(0x30, listing))
        return encoded(0x30, encoded(OCTETS, self.engine_id) + encoded(OCTETS, b"") + pdu)

    def sealed(self, scoped: bytes | None = None) -> bytes:
        """With another scoped PDU in place of its own: what only the device itself could send."""
        scoped, salt = self.scoped() if scoped is None else scoped, b""
        if self.flags & 2:
            salt = b"saltsalt"
            scoped = encoded(OCTETS, _crypt(self.engine_id, self.boots, self.time, salt, scoped, is_encrypting=True))
        mac = bytes(MAC_OCTETS) if self.flags & 1 else b""
        whole = self._whole(mac, salt, scoped)
        if not mac:
            return whole
        return self._whole(self.forged_mac or _mac(self.engine_id, whole), salt, scoped)

    def _whole(self, mac: bytes, salt: bytes, scoped: bytes) -> bytes:
        parameters = [encoded(OCTETS, self.engine_id), encoded_integer(self.boots), encoded_integer(self.time)]
        parameters += [encoded(OCTETS, part) for part in (self.user, mac, salt)]
        header = encoded_integer(self.message_id) + encoded_integer(65_507) + encoded(OCTETS, bytes([self.flags])) + encoded_integer(3)
        security = encoded(OCTETS, encoded(0x30, b"".join(parameters)))
        return encoded(0x30, encoded_integer(3) + encoded(0x30, header) + security + scoped)


def _mac(engine_id: bytes, blank: bytes) -> bytes:
    return hmac.digest(localised(AUTH_KEY, engine_id), blank, "sha256")[:MAC_OCTETS]


def _crypt(engine_id: bytes, boots: int, time: int, salt: bytes, octets: bytes, is_encrypting: bool) -> bytes:
    vector = boots.to_bytes(4, "big") + time.to_bytes(4, "big") + salt
    cipher = Cipher(AES(localised(PRIVACY_KEY, engine_id)[:16]), CFB(vector))
    context = cipher.encryptor() if is_encrypting else cipher.decryptor()
    return context.update(octets) + context.finalize()


def v3_target(port: int, device: str = "device-1", **changed: object) -> Target:
    """The target with the device's one user, or with what was changed of it."""
    given: dict[str, object] = {
        "name": "test",
        "version": "v3",
        "user": USER.decode(),
        "auth_protocol": "sha256",
        "auth_key": Secret(AUTH_KEY.decode()),
        "privacy_protocol": "aes128",
        "privacy_key": Secret(PRIVACY_KEY.decode()),
    }
    return Target(device, device, "127.0.0.1", SnmpCredential(**(given | changed)), snmp_port=port)  # type: ignore[arg-type]
