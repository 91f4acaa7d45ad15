"""Cisco's type 7: a fixed key stream that everybody knows, so a type 7 text is a plain secret in other letters."""

_STREAM = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
SALTS = len(_STREAM)


def decode(text: str) -> str | None:
    """The secret behind a type 7 text (two digits of salt, then hex), or None where it is not one."""
    try:
        salt, body = int(text[:2]), bytes.fromhex(text[2:])
    except ValueError:
        return None
    if not text[:2].isascii() or not body or salt >= SALTS or len(text) != 2 + 2 * len(body):
        return None
    plain = bytes(byte ^ _STREAM[(salt + place) % SALTS] for place, byte in enumerate(body))
    try:
        found = plain.decode()
    except UnicodeDecodeError:
        return None
    return found if found.isprintable() else None


def encode(secret: str, salt: int) -> str:
    """The type 7 text of a secret. `salt` 0 to 52."""
    body = bytes(byte ^ _STREAM[(salt + place) % SALTS] for place, byte in enumerate(secret.encode()))
    return f"{salt:02d}{body.hex().upper()}"
