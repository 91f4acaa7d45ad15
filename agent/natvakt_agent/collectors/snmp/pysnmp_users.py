"""SNMPv3 users: from our names of protocols to pysnmp's services, and from passphrases to the keys of one engine.

pysnmp names the key extension that Cisco and most vendors use plainly by the cipher (draft-reeder-snmpv3-usm-3desede-00), and that of
draft-blumenthal-aes-usm-04 by its author. Keys exist in the engine's process only.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pyasn1.type import univ
from pysnmp.proto.error import ProtocolError, StatusInformation
from pysnmp.proto.secmod.rfc3414.auth.base import AbstractAuthenticationService
from pysnmp.proto.secmod.rfc3414.priv.base import AbstractEncryptionService

# By way of the security model: the modules of the extended ciphers cannot be imported before it (a circle within pysnmp).
from pysnmp.proto.secmod.rfc3414.service import aes, aes192, aes256, des, hmacmd5, hmacsha, hmacsha2

from natvakt_agent.collectors.snmp.session import AnswerRefused


@dataclass(frozen=True, slots=True)
class AuthProtocol:
    """`digest_octets` is how much of the HMAC travels."""

    service: AbstractAuthenticationService
    service_id: tuple[int, ...]
    digest: Callable[..., object]
    digest_octets: int


def _sha2(service_id: tuple[int, ...]) -> AuthProtocol:
    forms = hmacsha2.HmacSha2
    return AuthProtocol(forms(service_id), service_id, forms.HASH_ALGORITHM[service_id], forms.DIGEST_LENGTH[service_id])


AUTH: Mapping[str, AuthProtocol] = {
    "md5": AuthProtocol(hmacmd5.HmacMd5(), hmacmd5.HmacMd5.SERVICE_ID, hashlib.md5, 12),
    "sha": AuthProtocol(hmacsha.HmacSha(), hmacsha.HmacSha.SERVICE_ID, hashlib.sha1, 12),
    "sha224": _sha2(hmacsha2.HmacSha2.SHA224_SERVICE_ID),
    "sha256": _sha2(hmacsha2.HmacSha2.SHA256_SERVICE_ID),
    "sha384": _sha2(hmacsha2.HmacSha2.SAH384_SERVICE_ID),
    "sha512": _sha2(hmacsha2.HmacSha2.SHA512_SERVICE_ID),
}
PRIVACY: Mapping[str, AbstractEncryptionService] = {
    "des": des.Des(),
    "aes128": aes.Aes(),
    "aes192": aes192.AesBlumenthal192(),
    "aes256": aes256.AesBlumenthal256(),
    "aes192c": aes192.Aes192(),
    "aes256c": aes256.Aes256(),
}


@dataclass(slots=True)
class User:
    """One SNMPv3 user. Its localised keys are kept for the engine asked last (RFC 3414, 2.6)."""

    name: bytes
    auth: AuthProtocol | None = None
    auth_passphrase: bytes = field(default=b"", repr=False)
    privacy: AbstractEncryptionService | None = None
    privacy_passphrase: bytes = field(default=b"", repr=False)
    _masters: dict[str, univ.OctetString] = field(default_factory=dict, repr=False)
    _localised: tuple[bytes, univ.OctetString | None, univ.OctetString | None] = field(default=(b"", None, None), repr=False)

    @property
    def flags(self) -> int:
        """msgFlags without the reportable bit: 0 noAuthNoPriv, 1 authNoPriv, 3 authPriv."""
        return 3 if self.privacy is not None else 1 if self.auth is not None else 0

    def keys(self, engine_id: bytes) -> tuple[univ.OctetString | None, univ.OctetString | None]:
        """Authentication and privacy key for this engine."""
        if self._localised[0] != engine_id:
            place = univ.OctetString(engine_id)
            auth_key = privacy_key = None
            if self.auth is not None:
                auth_key = self.auth.service.localize_key(self._master("auth"), place)
                if self.privacy is not None:
                    privacy_key = self.privacy.localize_key(self.auth.service_id, self._master("privacy"), place)
            self._localised = (engine_id, auth_key, privacy_key)
        return self._localised[1], self._localised[2]

    def _master(self, which: str) -> univ.OctetString:
        if which not in self._masters:
            assert self.auth is not None
            passphrase = self.auth_passphrase if which == "auth" else self.privacy_passphrase
            self._masters[which] = self.auth.service.hash_passphrase(passphrase)
        return self._masters[which]

    def mac(self, engine_id: bytes, message: bytes) -> bytes:
        """The digest of a message whose digest field is zeros. pysnmp's own looks for those zeros and may find them in an engine id."""
        assert self.auth is not None
        auth_key, _ = self.keys(engine_id)
        assert auth_key is not None
        return hmac.new(bytes(auth_key), message, self.auth.digest).digest()[: self.auth.digest_octets]  # type: ignore[arg-type]

    def encrypted(self, engine_id: bytes, boots: int, time: int, plain: bytes) -> tuple[bytes, bytes]:
        """Ciphertext and msgPrivacyParameters."""
        assert self.privacy is not None
        ciphertext, salt = self.privacy.encrypt_data(self.keys(engine_id)[1], (boots, time, None), plain)
        return bytes(ciphertext), bytes(salt)

    def decrypted(self, engine_id: bytes, boots: int, time: int, salt: bytes, ciphertext: bytes) -> bytes:
        """Raises AnswerRefused."""
        assert self.privacy is not None
        parameters = (boots, time, univ.OctetString(salt))
        try:
            plain: bytes = self.privacy.decrypt_data(self.keys(engine_id)[1], parameters, univ.OctetString(ciphertext))
        except (StatusInformation, ProtocolError, ValueError) as error:
            raise AnswerRefused("answer cannot be decrypted") from error
        return plain


def user_named(name: str, auth_protocol: str, auth_key: str, privacy_protocol: str, privacy_key: str) -> User:
    """Empty protocol: none. Names and keys were checked by `v3_protocols.check_user`."""
    return User(
        name=name.encode(),
        auth=AUTH[auth_protocol] if auth_protocol else None,
        auth_passphrase=auth_key.encode(),
        privacy=PRIVACY[privacy_protocol] if privacy_protocol else None,
        privacy_passphrase=privacy_key.encode(),
    )
