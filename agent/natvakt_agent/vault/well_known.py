"""Credentials the whole world knows. The mark is computed at the site; only the mark leaves it.

From the vendors' manuals: SNMP communities that ship as defaults, and the user names that ship as their own password.
"""

from natvakt_agent.model.target import SnmpCredential

COMMUNITIES = frozenset(
    {
        "public", "private", "cisco", "community", "snmp", "snmpd", "admin", "administrator", "manager",
        "monitor", "network", "read", "write", "readonly", "readwrite", "read-only", "read-write", "ro", "rw",
        "rwa", "secret", "security", "system", "switch", "router", "default", "password", "test", "guest",
        "access", "all", "all private", "agent", "agent_steal", "ilmi", "cable-docsis", "tivoli", "openview",
        "mngt", "netman", "nms", "noc", "proxy", "root", "superuser", "user", "xyzzy", "0", "1234", "12345",
        "c", "cc", "cisco123", "cisco router", "canon_admin", "hp_admin", "internal", "apc", "freekevin",
        "field", "field-service", "mrtg", "pr1v4t3", "publ1c", "s!a@m#n$p%c", "solarwinds",
    }
)  # fmt: skip
PASSWORDS = frozenset(
    {
        "cisco", "cisco123", "cisco1234", "admin", "admin123", "password", "password1", "public", "private",
        "default", "12345678", "123456789", "changeme", "snmpv3auth", "snmpv3priv", "authpass", "privpass",
        "authpassword", "privpassword", "maplesyrup", "apc", "ubnt", "secret", "c1sc0", "c1sc0123",
        "ciscocisco", "admin1234", "administrator", "letmein", "welcome1",
    }
)  # fmt: skip


def is_well_known(credential: SnmpCredential) -> bool:
    """Whether a list that everybody has would open the device: its community, one of its keys, or a key equal to the user."""
    if credential.community is not None:
        return credential.community.reveal().strip().lower() in COMMUNITIES
    user = (credential.user or "").lower()
    keys = [key.reveal().strip().lower() for key in (credential.auth_key, credential.privacy_key) if key is not None]
    return any(key in PASSWORDS or key == user for key in keys)
