"""Words the whole world knows: as secrets they keep nobody out, so their mark says so, and they are not hunted for elsewhere in a text.

From the vendors' manuals: SNMP communities that ship as defaults, and user names that ship as their own password.
"""

import base64
import hashlib

EVERYWHERE = frozenset({"public", "private", "cisco"})
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

PIX_BLOCK_BYTES = 16
PIX_LETTERS = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
STANDARD_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def pix_hash(password: str) -> str:
    """The unsalted hash of `enable password ... encrypted` on PIX and ASA: MD5 of the zero-padded password, each fourth byte dropped."""
    digest = hashlib.md5(password.encode()[:PIX_BLOCK_BYTES].ljust(PIX_BLOCK_BYTES, b"\0"), usedforsecurity=False).digest()
    kept = [digest[start : start + 3][::-1] for start in range(0, len(digest), 4)]
    encoded = b"".join(base64.b64encode(group)[::-1] for group in kept)
    return encoded.translate(bytes.maketrans(STANDARD_LETTERS, PIX_LETTERS)).decode()


EMPTY_PIX_HASH = "8Ry2YjIyt7RRXU24"
WELL_KNOWN_PIX_HASHES = frozenset({EMPTY_PIX_HASH, *(pix_hash(word) for word in PASSWORDS)})


def is_well_known_word(word: str) -> bool:
    """Whether a list that everybody has holds this word, or the hash of it."""
    lowered = word.strip().lower()
    return lowered in COMMUNITIES or lowered in PASSWORDS or word in WELL_KNOWN_PIX_HASHES
