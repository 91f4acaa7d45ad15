from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LaneClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LANE_CLASS_UNSPECIFIED: _ClassVar[LaneClass]
    LANE_CLASS_EVENTS: _ClassVar[LaneClass]
    LANE_CLASS_STATE: _ClassVar[LaneClass]
    LANE_CLASS_METRICS: _ClassVar[LaneClass]

class NackReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NACK_REASON_UNSPECIFIED: _ClassVar[NackReason]
    NACK_REASON_RETRY_AFTER: _ClassVar[NackReason]
    NACK_REASON_POISON: _ClassVar[NackReason]
    NACK_REASON_FORK: _ClassVar[NackReason]
    NACK_REASON_QUOTA: _ClassVar[NackReason]
    NACK_REASON_REVOKED: _ClassVar[NackReason]
LANE_CLASS_UNSPECIFIED: LaneClass
LANE_CLASS_EVENTS: LaneClass
LANE_CLASS_STATE: LaneClass
LANE_CLASS_METRICS: LaneClass
NACK_REASON_UNSPECIFIED: NackReason
NACK_REASON_RETRY_AFTER: NackReason
NACK_REASON_POISON: NackReason
NACK_REASON_FORK: NackReason
NACK_REASON_QUOTA: NackReason
NACK_REASON_REVOKED: NackReason

class Envelope(_message.Message):
    __slots__ = ("header", "ciphertext", "signature")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CIPHERTEXT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    header: bytes
    ciphertext: bytes
    signature: bytes
    def __init__(self, header: _Optional[bytes] = ..., ciphertext: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class AgentMessage(_message.Message):
    __slots__ = ("hello", "batch", "gap", "result", "renewal")
    HELLO_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    RENEWAL_FIELD_NUMBER: _ClassVar[int]
    hello: Hello
    batch: Envelope
    gap: SignedGap
    result: CommandResult
    renewal: Renewal
    def __init__(self, hello: _Optional[_Union[Hello, _Mapping]] = ..., batch: _Optional[_Union[Envelope, _Mapping]] = ..., gap: _Optional[_Union[SignedGap, _Mapping]] = ..., result: _Optional[_Union[CommandResult, _Mapping]] = ..., renewal: _Optional[_Union[Renewal, _Mapping]] = ...) -> None: ...

class Hello(_message.Message):
    __slots__ = ("protocol", "epoch", "resume_nonce", "lanes", "boot_id", "wall_ns", "monotonic_ns", "version", "policy_version")
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    RESUME_NONCE_FIELD_NUMBER: _ClassVar[int]
    LANES_FIELD_NUMBER: _ClassVar[int]
    BOOT_ID_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    MONOTONIC_NS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    protocol: int
    epoch: bytes
    resume_nonce: bytes
    lanes: _containers.RepeatedCompositeFieldContainer[LaneOffer]
    boot_id: bytes
    wall_ns: int
    monotonic_ns: int
    version: str
    policy_version: int
    def __init__(self, protocol: _Optional[int] = ..., epoch: _Optional[bytes] = ..., resume_nonce: _Optional[bytes] = ..., lanes: _Optional[_Iterable[_Union[LaneOffer, _Mapping]]] = ..., boot_id: _Optional[bytes] = ..., wall_ns: _Optional[int] = ..., monotonic_ns: _Optional[int] = ..., version: _Optional[str] = ..., policy_version: _Optional[int] = ...) -> None: ...

class LaneOffer(_message.Message):
    __slots__ = ("lane", "lane_class", "oldest_seq", "next_seq", "acked_through", "acked_digest")
    LANE_FIELD_NUMBER: _ClassVar[int]
    LANE_CLASS_FIELD_NUMBER: _ClassVar[int]
    OLDEST_SEQ_FIELD_NUMBER: _ClassVar[int]
    NEXT_SEQ_FIELD_NUMBER: _ClassVar[int]
    ACKED_THROUGH_FIELD_NUMBER: _ClassVar[int]
    ACKED_DIGEST_FIELD_NUMBER: _ClassVar[int]
    lane: int
    lane_class: LaneClass
    oldest_seq: int
    next_seq: int
    acked_through: int
    acked_digest: bytes
    def __init__(self, lane: _Optional[int] = ..., lane_class: _Optional[_Union[LaneClass, str]] = ..., oldest_seq: _Optional[int] = ..., next_seq: _Optional[int] = ..., acked_through: _Optional[int] = ..., acked_digest: _Optional[bytes] = ...) -> None: ...

class SignedGap(_message.Message):
    __slots__ = ("body", "signature")
    BODY_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    body: bytes
    signature: bytes
    def __init__(self, body: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class ServerMessage(_message.Message):
    __slots__ = ("welcome", "ack", "nack", "policy", "command", "fenced", "renewal", "recipients")
    WELCOME_FIELD_NUMBER: _ClassVar[int]
    ACK_FIELD_NUMBER: _ClassVar[int]
    NACK_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    FENCED_FIELD_NUMBER: _ClassVar[int]
    RENEWAL_FIELD_NUMBER: _ClassVar[int]
    RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    welcome: Welcome
    ack: Ack
    nack: Nack
    policy: SignedPolicy
    command: SignedCommand
    fenced: Fenced
    renewal: RenewalResult
    recipients: RecipientKeys
    def __init__(self, welcome: _Optional[_Union[Welcome, _Mapping]] = ..., ack: _Optional[_Union[Ack, _Mapping]] = ..., nack: _Optional[_Union[Nack, _Mapping]] = ..., policy: _Optional[_Union[SignedPolicy, _Mapping]] = ..., command: _Optional[_Union[SignedCommand, _Mapping]] = ..., fenced: _Optional[_Union[Fenced, _Mapping]] = ..., renewal: _Optional[_Union[RenewalResult, _Mapping]] = ..., recipients: _Optional[_Union[RecipientKeys, _Mapping]] = ...) -> None: ...

class Welcome(_message.Message):
    __slots__ = ("resume_nonce", "marks", "window_batches", "window_bytes", "server_wall_ns")
    RESUME_NONCE_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    WINDOW_BATCHES_FIELD_NUMBER: _ClassVar[int]
    WINDOW_BYTES_FIELD_NUMBER: _ClassVar[int]
    SERVER_WALL_NS_FIELD_NUMBER: _ClassVar[int]
    resume_nonce: bytes
    marks: _containers.RepeatedCompositeFieldContainer[LaneMark]
    window_batches: int
    window_bytes: int
    server_wall_ns: int
    def __init__(self, resume_nonce: _Optional[bytes] = ..., marks: _Optional[_Iterable[_Union[LaneMark, _Mapping]]] = ..., window_batches: _Optional[int] = ..., window_bytes: _Optional[int] = ..., server_wall_ns: _Optional[int] = ...) -> None: ...

class LaneMark(_message.Message):
    __slots__ = ("lane", "through_seq", "digest")
    LANE_FIELD_NUMBER: _ClassVar[int]
    THROUGH_SEQ_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    lane: int
    through_seq: int
    digest: bytes
    def __init__(self, lane: _Optional[int] = ..., through_seq: _Optional[int] = ..., digest: _Optional[bytes] = ...) -> None: ...

class Ack(_message.Message):
    __slots__ = ("epoch", "lane", "through_seq", "digest")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    THROUGH_SEQ_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    epoch: bytes
    lane: int
    through_seq: int
    digest: bytes
    def __init__(self, epoch: _Optional[bytes] = ..., lane: _Optional[int] = ..., through_seq: _Optional[int] = ..., digest: _Optional[bytes] = ...) -> None: ...

class Nack(_message.Message):
    __slots__ = ("epoch", "lane", "seq", "reason", "retry_after_ms", "detail", "digest")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    epoch: bytes
    lane: int
    seq: int
    reason: NackReason
    retry_after_ms: int
    detail: str
    digest: bytes
    def __init__(self, epoch: _Optional[bytes] = ..., lane: _Optional[int] = ..., seq: _Optional[int] = ..., reason: _Optional[_Union[NackReason, str]] = ..., retry_after_ms: _Optional[int] = ..., detail: _Optional[str] = ..., digest: _Optional[bytes] = ...) -> None: ...

class Fenced(_message.Message):
    __slots__ = ("detail",)
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    detail: str
    def __init__(self, detail: _Optional[str] = ...) -> None: ...

class SignedPolicy(_message.Message):
    __slots__ = ("body", "signature")
    BODY_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    body: bytes
    signature: bytes
    def __init__(self, body: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class SignedCommand(_message.Message):
    __slots__ = ("body", "signature")
    BODY_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    body: bytes
    signature: bytes
    def __init__(self, body: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class CommandResult(_message.Message):
    __slots__ = ("command", "accepted", "detail")
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    command: str
    accepted: bool
    detail: str
    def __init__(self, command: _Optional[str] = ..., accepted: _Optional[bool] = ..., detail: _Optional[str] = ...) -> None: ...

class Renewal(_message.Message):
    __slots__ = ("csr", "signature")
    CSR_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    csr: bytes
    signature: bytes
    def __init__(self, csr: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class RenewalResult(_message.Message):
    __slots__ = ("certificate_chain", "refused")
    CERTIFICATE_CHAIN_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    certificate_chain: bytes
    refused: str
    def __init__(self, certificate_chain: _Optional[bytes] = ..., refused: _Optional[str] = ...) -> None: ...

class RecipientKeys(_message.Message):
    __slots__ = ("body", "signature")
    BODY_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    body: bytes
    signature: bytes
    def __init__(self, body: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...
