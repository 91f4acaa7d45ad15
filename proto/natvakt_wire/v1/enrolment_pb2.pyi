from natvakt_wire.v1 import uplink_pb2 as _uplink_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EnrolRequest(_message.Message):
    __slots__ = ("token", "csr", "identity_public_key", "identity_proof", "epoch", "version")
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    CSR_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROOF_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    token: str
    csr: bytes
    identity_public_key: bytes
    identity_proof: bytes
    epoch: bytes
    version: str
    def __init__(self, token: _Optional[str] = ..., csr: _Optional[bytes] = ..., identity_public_key: _Optional[bytes] = ..., identity_proof: _Optional[bytes] = ..., epoch: _Optional[bytes] = ..., version: _Optional[str] = ...) -> None: ...

class ReturnRequest(_message.Message):
    __slots__ = ("agent", "csr", "signed_at_ns", "nonce", "identity_proof")
    AGENT_FIELD_NUMBER: _ClassVar[int]
    CSR_FIELD_NUMBER: _ClassVar[int]
    SIGNED_AT_NS_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROOF_FIELD_NUMBER: _ClassVar[int]
    agent: str
    csr: bytes
    signed_at_ns: int
    nonce: bytes
    identity_proof: bytes
    def __init__(self, agent: _Optional[str] = ..., csr: _Optional[bytes] = ..., signed_at_ns: _Optional[int] = ..., nonce: _Optional[bytes] = ..., identity_proof: _Optional[bytes] = ...) -> None: ...

class EnrolResponse(_message.Message):
    __slots__ = ("agent", "tenant", "site", "certificate_chain", "ca_certificates", "tenant_root", "policy_key", "policy_key_signature", "recipients", "uplink", "awaiting_approval")
    AGENT_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_CHAIN_FIELD_NUMBER: _ClassVar[int]
    CA_CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    TENANT_ROOT_FIELD_NUMBER: _ClassVar[int]
    POLICY_KEY_FIELD_NUMBER: _ClassVar[int]
    POLICY_KEY_SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    UPLINK_FIELD_NUMBER: _ClassVar[int]
    AWAITING_APPROVAL_FIELD_NUMBER: _ClassVar[int]
    agent: str
    tenant: str
    site: str
    certificate_chain: bytes
    ca_certificates: bytes
    tenant_root: bytes
    policy_key: bytes
    policy_key_signature: bytes
    recipients: _uplink_pb2.RecipientKeys
    uplink: str
    awaiting_approval: bool
    def __init__(self, agent: _Optional[str] = ..., tenant: _Optional[str] = ..., site: _Optional[str] = ..., certificate_chain: _Optional[bytes] = ..., ca_certificates: _Optional[bytes] = ..., tenant_root: _Optional[bytes] = ..., policy_key: _Optional[bytes] = ..., policy_key_signature: _Optional[bytes] = ..., recipients: _Optional[_Union[_uplink_pb2.RecipientKeys, _Mapping]] = ..., uplink: _Optional[str] = ..., awaiting_approval: _Optional[bool] = ...) -> None: ...
