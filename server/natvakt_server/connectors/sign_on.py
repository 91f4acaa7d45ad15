"""OpenID Connect with one provider: discovery, the address to send a browser to, and a code turned into an identity whose signature holds.

The provider is asked anew at each sign-on (discovery, token, keys), so that a changed key needs nobody. Plain HTTP is spoken with this
machine only. No redirect is followed and no answer is larger than it has reason to be.
"""

import base64
import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from natvakt_server.domain.sign_on import Identity, SignOnFailed, Ticket

TIMEOUT_SECONDS, MOST_BYTES = 10.0, 256 * 1024
LEEWAY_SECONDS, SECOND_NS = 60, 1_000_000_000
ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]  # never `none`, never a shared secret
SCOPE = "openid profile email"


class Discovery(msgspec.Struct, frozen=True):
    """OpenID Connect Discovery 1.0, section 3, as far as it is needed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class TokenAnswer(msgspec.Struct, frozen=True):
    id_token: str


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """Implements `IdentityProvider`. `claim`: which claim of the token is the login name, such as email or preferred_username."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str
    label: str
    proves_second_factor: bool
    context: ssl.SSLContext = field(repr=False)

    def address(self, ticket: Ticket, back: str) -> str:
        challenge = create_s256_code_challenge(ticket.verifier)
        return str(
            prepare_grant_uri(
                self._discovery().authorization_endpoint,
                self.client_id,
                "code",
                redirect_uri=back,
                scope=SCOPE,
                state=ticket.state,
                nonce=ticket.nonce,
                code_challenge=challenge,
                code_challenge_method="S256",
            )
        )

    def identity(self, code: str, ticket: Ticket, back: str, now_ns: int) -> Identity:
        found = self._discovery()
        token = self._token(found, code, ticket, back)
        claims = self._claims(token, self._get(found.jwks_uri), ticket, now_ns)
        subject, name, methods = claims.get("sub"), claims.get(self.claim), claims.get("amr", [])
        if not isinstance(subject, str) or not subject or not isinstance(name, str) or not name:
            raise SignOnFailed(f"its token has no claim {self.claim!r}; set sign_on.claim to one it has")
        if self.claim == "email" and claims.get("email_verified", True) is not True:
            raise SignOnFailed("it says itself that the address is not verified")
        return Identity(self.issuer, subject, name.strip().lower(), [str(each) for each in methods] if isinstance(methods, list) else [])

    def _discovery(self) -> Discovery:
        body = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            found = msgspec.json.decode(body, type=Discovery)
        except msgspec.DecodeError as error:
            raise SignOnFailed(f"its discovery document cannot be read: {error}") from error
        if found.issuer != self.issuer:
            raise SignOnFailed(f"it calls itself {found.issuer[:100]!r}, and sign_on.issuer is {self.issuer!r}")
        return found

    def _token(self, found: Discovery, code: str, ticket: Ticket, back: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": ticket.verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if "client_secret_basic" in found.token_endpoint_auth_methods_supported:
            pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        try:
            return msgspec.json.decode(self._ask(found.token_endpoint, headers, urlencode(form)), type=TokenAnswer).id_token
        except msgspec.DecodeError as error:
            raise SignOnFailed("its answer to the code holds no id_token") from error

    def _claims(self, token: str, keys: bytes, ticket: Ticket, now_ns: int) -> Mapping[str, object]:
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "nonce": {"essential": True, "value": ticket.nonce},
        }
        try:
            told = jwt.decode(token, jwk.KeySet.import_key_set(msgspec.json.decode(keys)), algorithms=ALGORITHMS)
            claims = CodeIDToken(told.claims, told.header, options, {"client_id": self.client_id, "nonce": ticket.nonce})
            claims.validate(now=now_ns // SECOND_NS, leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignOnFailed(f"its token does not hold: {type(error).__name__}") from error
        return dict(claims)

    def _get(self, address: str) -> bytes:
        return self._ask(address, {"Accept": "application/json"})

    def _ask(self, address: str, headers: Mapping[str, str], form: str | None = None) -> bytes:
        connection, target = self._connection(address)
        try:
            connection.request("GET" if form is None else "POST", target, form, dict(headers))
            response = connection.getresponse()
            body = response.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise SignOnFailed(f"{connection.host} does not answer: {type(error).__name__}") from error
        finally:
            connection.close()
        if response.status != http.client.OK or len(body) > MOST_BYTES:
            raise SignOnFailed(f"{connection.host}{target.partition('?')[0][:80]} answers {response.status} with {len(body)} bytes")
        return body

    def _connection(self, address: str) -> tuple[http.client.HTTPConnection, str]:
        parts = urlsplit(address)
        host, target = parts.hostname or "", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        if parts.scheme == "https" and host:
            return http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT_SECONDS, context=self.context), target
        if parts.scheme == "http" and _is_this_machine(host):
            return http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS), target
        raise SignOnFailed(f"{address[:100]!r} is no https address")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
