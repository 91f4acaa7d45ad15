"""The same users for pysnmp's own `SnmpEngine`, which receives traps and informs."""

from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.proto.rfc1902 import OctetString

from natvakt_agent.collectors.snmp.pysnmp_users import AUTH, PRIVACY
from natvakt_agent.collectors.snmp.v3_protocols import CredentialUnusable, check_user, is_open
from natvakt_agent.model.target import SnmpCredential


def add_user(engine: SnmpEngine, credential: SnmpCredential, sender_engine_id: bytes | None = None) -> None:
    """Make `credential` known to `engine`.

    A trap is secured with the keys of its sender's engine, so `sender_engine_id` must be known for it; an inform with those of the
    receiver's own, which is what None stands for (RFC 3414, 1.5.1). Raises `CredentialUnusable`, also while a protocol is `any`.
    """
    check_user(credential)
    if is_open(credential):
        raise CredentialUnusable(f"credential {credential.name}: name its protocols: those of a sender of traps cannot be tried")
    auth, privacy = credential.auth_protocol, credential.privacy_protocol
    config.add_v3_user(
        engine,
        credential.user,
        AUTH[auth].service_id if auth else config.USM_AUTH_NONE,
        credential.auth_key.reveal() if credential.auth_key else None,
        PRIVACY[privacy].SERVICE_ID if privacy else config.USM_PRIV_NONE,
        credential.privacy_key.reveal() if credential.privacy_key else None,
        securityEngineId=OctetString(sender_engine_id) if sender_engine_id else None,
    )
