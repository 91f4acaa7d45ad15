"""What passes between `ChildSession` and the engine's process. Secrets are in it: it travels over their pipe and is never printed."""

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import msgspec

from natvakt_agent.model.target import Secret, SnmpCredential

ASK, ASK_TYPED, FIND_PROTOCOLS = "ask", "ask_typed", "find_protocols"
Message = TypeVar("Message", bound=msgspec.Struct)
Kind = Literal["get", "next", "bulk"]


class Peer(msgspec.Struct, frozen=True, array_like=True):
    """Whom to ask and as whom. Equal peers share what SNMPv3 knows of the device's engine."""

    address: str
    port: int
    version: str
    community: str = ""
    user: str = ""
    auth_protocol: str = ""
    auth_key: str = ""
    privacy_protocol: str = ""
    privacy_key: str = ""
    context_name: str = ""

    def __repr__(self) -> str:
        return f"Peer({self.address}:{self.port} {self.version})"

    def without_place(self) -> "Peer":
        """The same for every context and every community: what SNMPv3 knows of the engine holds for all of them."""
        return msgspec.structs.replace(self, context_name="", community="")

    @classmethod
    def of(cls, address: str, port: int, credential: SnmpCredential) -> "Peer":
        return cls(
            address=address,
            port=port,
            version=credential.version,
            community=_revealed(credential.community),
            user=credential.user or "",
            auth_protocol=credential.auth_protocol or "",
            auth_key=_revealed(credential.auth_key),
            privacy_protocol=credential.privacy_protocol or "",
            privacy_key=_revealed(credential.privacy_key),
            context_name=credential.context_name or "",
        )


class Question(msgspec.Struct, frozen=True, array_like=True):
    """One request. `repetitions` counts for bulk only."""

    peer: Peer
    kind: Kind
    oids: Sequence[str]
    repetitions: int
    timeout_seconds: float


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """What came. `ended`: nothing more lies behind. `remarks` are for people: what was odd about it.

    The values are `SnmpValue`; msgspec knows no type that is text or octets, though msgpack tells the two apart.
    """

    varbinds: Sequence[tuple[str, Any]]
    ended: bool
    engine_id: bytes | None = None
    remarks: Sequence[str] = ()


class TypedReply(msgspec.Struct, frozen=True, array_like=True):
    """A `Reply` whose values keep their ASN.1 tag: OID, tag, and `int`, `bytes` (OCTET STRING, Opaque), dotted `str` or None."""

    varbinds: Sequence[tuple[str, int, Any]]
    ended: bool
    engine_id: bytes | None = None
    remarks: Sequence[str] = ()


class Search(msgspec.Struct, frozen=True, array_like=True):
    """Find which of these protocols the device speaks with the peer's user and keys, in this order."""

    peer: Peer
    auth_protocols: Sequence[str]
    privacy_protocols: Sequence[str]
    timeout_seconds: float


class Found(msgspec.Struct, frozen=True, array_like=True):
    """Empty names: none of them. `requests` is what the search cost the device."""

    auth_protocol: str
    privacy_protocol: str
    requests: int


def packed(message: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(message)


def unpacked(octets: bytes, kind: type[Message]) -> Message:
    return msgspec.msgpack.decode(octets, type=kind)


def _revealed(secret: Secret | None) -> str:
    return secret.reveal() if secret is not None else ""
