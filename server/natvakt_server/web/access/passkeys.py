"""Passkeys and security keys (WebAuthn, level 2) as a second factor beside one-time codes. They cannot be asked for by another site.

A challenge is an HMAC over the session it was made for. A session in which the second factor is missing lives ten minutes and ends when the
login is complete, so an answer is worth nothing a second time. The relying party is the console's host name; WebAuthn knows no addresses of
digits, so a console that is reached by one has no passkeys.
"""

import hmac
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.parse_authentication_credential_json import parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from natvakt_server.domain.accounts import Passkey, PasskeyStore, Session, User

LONGEST_ANSWER = 16_384
NAME_LIMIT, MOST_PASSKEYS = 80, 10


class Passkeys:
    def __init__(self, secret: bytes, store: PasskeyStore, address: str, title: str) -> None:
        self._key = hmac.digest(secret, b"natvakt/console/passkey/1", sha256)
        self._store, self._title = store, title
        parts = urlsplit(address)
        self._host, self._origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"

    @property
    def is_possible(self) -> bool:
        """Where people reach the console by a name."""
        try:
            ip_address(self._host)
        except ValueError:
            return bool(self._host)
        return False

    def of(self, user: User) -> list[Passkey]:
        return list(self._store.passkeys(user.id))

    def registration(self, user: User, session: Session) -> str:
        """JSON that the browser makes a key from."""
        made = generate_registration_options(
            rp_id=self._host,
            rp_name=self._title,
            user_name=user.name,
            user_id=user.id.encode(),
            user_display_name=user.display_name,
            challenge=self._challenge("registration", session),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each.id) for each in self._store.passkeys(user.id)],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.DISCOURAGED
            ),
        )
        return options_to_json(made)

    def register(self, user: User, session: Session, name: str, answer: str, now_ns: int) -> Passkey | None:
        """None: the answer is not right for this session, the key is known, or there are too many."""
        if len(answer) > LONGEST_ANSWER or len(self._store.passkeys(user.id)) >= MOST_PASSKEYS:
            return None
        try:
            told = verify_registration_response(
                credential=answer,
                expected_challenge=self._challenge("registration", session),
                expected_rp_id=self._host,
                expected_origin=self._origin,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            return None
        made = Passkey(told.credential_id, user.id, name[:NAME_LIMIT], told.credential_public_key, told.sign_count, now_ns)
        return made if self._store.add_passkey(made) else None

    def question(self, user: User, session: Session) -> str:
        """JSON that the browser has one of the person's keys answer; empty where there is none."""
        known = self._store.passkeys(user.id) if self.is_possible else ()
        if not known:
            return ""
        asked = generate_authentication_options(
            rp_id=self._host,
            challenge=self._challenge("login", session),
            allow_credentials=[PublicKeyCredentialDescriptor(id=each.id) for each in known],
            user_verification=UserVerificationRequirement.DISCOURAGED,
        )
        return options_to_json(asked)

    def accepts(self, user: User, session: Session, answer: str, now_ns: int) -> bool:
        """Signed by one of this person's keys for this very session, by a key that did not count backwards."""
        if not answer or len(answer) > LONGEST_ANSWER:
            return False
        try:
            credential = parse_authentication_credential_json(answer)
            known = next((each for each in self._store.passkeys(user.id) if each.id == credential.raw_id), None)
            if known is None:
                return False
            told = verify_authentication_response(
                credential=credential,
                expected_challenge=self._challenge("login", session),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            return False
        return self._store.use_passkey(known, told.new_sign_count, now_ns)

    def _challenge(self, purpose: str, session: Session) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\x00" + session.token_hash, sha256)
