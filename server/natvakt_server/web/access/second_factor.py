"""One-time codes (TOTP, RFC 6238): six digits, 30 seconds, SHA-1, one step of grace to either side, each step used once.

Seeds lie in the database only under AES-256-GCM with a key that does not: `nonce (12) || ciphertext`, with the person's id, or the
session of an enrolment under way, as associated data, so that no seed can be moved to somebody else.
"""

import base64
import hmac
from collections.abc import Callable
from io import BytesIO

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from markupsafe import Markup

from natvakt_server.domain.accounts import SecondFactorStore, User

SEED_BYTES = 20
NONCE_BYTES = 12
STEP_SECONDS = 30
SECOND_NS = 1_000_000_000
GRACE_STEPS = (0, -1, 1)


class SecondFactor:
    def __init__(self, secret: bytes, store: SecondFactorStore, random: Callable[[int], bytes], issuer: str) -> None:
        self._cipher = AESGCM(secret)
        self._store = store
        self._random = random
        self._issuer = issuer

    def new_seed(self) -> bytes:
        return self._random(SEED_BYTES)

    def sealed(self, seed: bytes, owner: str) -> bytes:
        nonce = self._random(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, seed, owner.encode())

    def opened(self, sealed: bytes, owner: str) -> bytes | None:
        """None: not sealed by us, or for somebody else."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError):
            return None

    def step_of(self, seed: bytes, code: str, now_ns: int) -> int | None:
        """The time step whose code this is, near now."""
        digits = code.replace(" ", "")
        generator = pyotp.TOTP(base32(seed), interval=STEP_SECONDS)
        now = now_ns // SECOND_NS // STEP_SECONDS
        matching = [now + grace for grace in GRACE_STEPS if _same(generator.generate_otp(now + grace), digits)]
        return matching[0] if matching else None

    def accepts(self, user: User, code: str, now_ns: int) -> bool:
        """Right, near now, and neither this code nor a later one was used before."""
        seed = self.opened(user.totp_sealed or b"", user.id)
        step = None if seed is None else self.step_of(seed, code, now_ns)
        return step is not None and self._store.use_totp_step(user.id, step)

    def address(self, seed: bytes, name: str) -> str:
        """What authenticator apps read (otpauth)."""
        return pyotp.TOTP(base32(seed), interval=STEP_SECONDS).provisioning_uri(name=name, issuer_name=self._issuer)


def base32(seed: bytes) -> str:
    return base64.b32encode(seed).decode()


def qr_code(text: str) -> Markup:
    """An SVG without style or script."""
    out = BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by segno from text that becomes squares


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "surrogatepass"))
