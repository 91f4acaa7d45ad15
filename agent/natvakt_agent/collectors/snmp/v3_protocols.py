"""The protocols of SNMPv3 by the names people write, in order of strength, and what a credential of them must hold.

`any` in place of a protocol means that the site does not know: the combinations are tried with the device (`protocol_search`), and what
it speaks is kept. It never means "none": a credential with keys is never spoken without them (promise 35).
"""

from dataclasses import replace

from natvakt_agent.model.target import SnmpCredential

AUTH_PROTOCOLS = ("sha512", "sha384", "sha256", "sha224", "sha", "md5")
"""RFC 7860 and RFC 3414, strongest first."""

PRIVACY_PROTOCOLS = ("aes256c", "aes256", "aes192c", "aes192", "aes128", "des")
"""Strongest first. With `c`: the key is lengthened as Cisco and most vendors do (Reeder's draft); without: Blumenthal's draft."""

ANY = "any"
SHORTEST_KEY = 8  # characters, RFC 3414, 11.2


class CredentialUnusable(ValueError):
    """The credential cannot be spoken; says which part and what would do."""


def check_user(credential: SnmpCredential) -> None:
    """Raises `CredentialUnusable` for a v3 credential that is not whole."""
    name = f"credential {credential.name}"
    if not credential.user:
        raise CredentialUnusable(f"{name}: SNMPv3 needs a user name; add it with `credentials add --version v3 --user`")
    _check_name(AUTH_PROTOCOLS, "authentication", credential.auth_protocol, name)
    _check_name(PRIVACY_PROTOCOLS, "privacy", credential.privacy_protocol, name)
    if credential.privacy_protocol and not credential.auth_protocol:
        raise CredentialUnusable(f"{name}: privacy without authentication does not exist in SNMPv3; set the authentication key")
    for protocol, key in ((credential.auth_protocol, credential.auth_key), (credential.privacy_protocol, credential.privacy_key)):
        if (protocol is None) != (key is None):
            raise CredentialUnusable(f"{name}: a protocol needs its key and a key its protocol; set both or neither")
        if key is not None and len(key.reveal().encode()) < SHORTEST_KEY:
            raise CredentialUnusable(f"{name}: a key of SNMPv3 has at least {SHORTEST_KEY} characters (RFC 3414); this one is shorter")


def is_open(credential: SnmpCredential) -> bool:
    """Whether a protocol is still to be found."""
    return credential.version == "v3" and ANY in (credential.auth_protocol, credential.privacy_protocol)


def candidates(credential: SnmpCredential) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What may be tried for authentication and for privacy, strongest first; an empty second: the credential has no privacy."""
    auth = AUTH_PROTOCOLS if credential.auth_protocol == ANY else (credential.auth_protocol or "",)
    if credential.privacy_protocol is None:
        return auth, ()
    return auth, PRIVACY_PROTOCOLS if credential.privacy_protocol == ANY else (credential.privacy_protocol,)


def settled(credential: SnmpCredential, auth_protocol: str, privacy_protocol: str) -> SnmpCredential:
    """The credential with what was found in place of `any`."""
    return replace(
        credential,
        auth_protocol=auth_protocol if credential.auth_protocol == ANY else credential.auth_protocol,
        privacy_protocol=privacy_protocol if credential.privacy_protocol == ANY else credential.privacy_protocol,
    )


def _check_name(known: tuple[str, ...], what: str, protocol: str | None, name: str) -> None:
    if protocol is not None and protocol not in (*known, ANY):
        raise CredentialUnusable(f"{name}: {what} protocol {protocol!r} is not known; use one of {', '.join(known)}, {ANY}")
