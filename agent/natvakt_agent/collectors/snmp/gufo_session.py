"""The default engine: `gufo_snmp`'s blocking sockets, to be used from a thread of the poll pool.

Measured on one device walk it costs 1/70 of the CPU of a pure Python engine. It binds the UDP socket to the device's
address (an answer from another source never arrives), draws random request ids and drops answers to other ids. It does
not check that OIDs are the ones asked for: `checked.py` does. It has no SNMPv3 context name, cuts datagrams at 4,096
octets (told as an answer that cannot be read, so that less is asked for), and tells an error status like tooBig in no
other way than the end of the MIB: both are met here. It signs and encrypts what it asks in SNMPv3, but takes answers that are neither
signed nor encrypted, or signed wrongly: it is not used for authenticated SNMPv3 unless the site says so of a target, and tells it then.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from gufo.snmp import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    BaseAuthKey,
    BasePrivKey,
    DesKey,
    KeyExpansion,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    SnmpAuthError,
    SnmpError,
    SnmpVersion,
    User,
)
from gufo.snmp._fast import GetIter  # the public protocol module does not re-export it
from gufo.snmp.sync import SnmpSession

from natvakt_agent.collectors.snmp.session import AccessRefused, AnswerRefused, ColumnWalk, NoAnswer, SnmpValue, Step, Varbind
from natvakt_agent.collectors.snmp.v3_protocols import CredentialUnusable, check_user, is_open
from natvakt_agent.model.target import SnmpCredential, Target

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

AUTH_KEYS: Mapping[str, type[BaseAuthKey]] = {
    "md5": Md5Key, "sha": Sha1Key, "sha224": Sha224Key, "sha256": Sha256Key, "sha384": Sha384Key, "sha512": Sha512Key,
}  # fmt: skip
PRIVACY_KEYS: Mapping[str, tuple[type[BasePrivKey], KeyExpansion]] = {
    "des": (DesKey, KeyExpansion.Blumenthal),
    "aes128": (Aes128Key, KeyExpansion.Blumenthal),
    "aes192": (Aes192Key, KeyExpansion.Blumenthal),
    "aes256": (Aes256Key, KeyExpansion.Blumenthal),
    "aes192c": (Aes192Key, KeyExpansion.Cisco),
    "aes256c": (Aes256Key, KeyExpansion.Cisco),
}
VERSIONS = {"v1": SnmpVersion.v1, "v2c": SnmpVersion.v2c, "v3": SnmpVersion.v3}
RECEIVE_BUFFER_OCTETS = 262_144


PANIC = "PanicException"
UNCHECKED = (
    "the engine gufo does not check that answers are authenticated: whoever is in the path can put values in; "
    "leave `snmp_engine` out or set it to pysnmp"
)


class DecoderPanic(AnswerRefused):
    """The decoder met something it did not foresee; the socket is not to be used again."""


def user_of(credential: SnmpCredential) -> User:
    """The SNMPv3 user of a credential. Raises `CredentialUnusable` for what cannot be spoken."""
    check_user(credential)
    if credential.context_name:
        raise CredentialUnusable(
            f"credential {credential.name}: context {credential.context_name!r} is not supported by this engine; set snmp_engine to pysnmp"
        )
    if is_open(credential):
        raise CredentialUnusable(f"credential {credential.name}: its protocols were not found yet; name them, or let the agent find them")
    auth = AUTH_KEYS[credential.auth_protocol] if credential.auth_protocol else None
    privacy, expansion = PRIVACY_KEYS[credential.privacy_protocol] if credential.privacy_protocol else (None, KeyExpansion.Blumenthal)
    return User(
        credential.user or "",
        auth_key=auth(credential.auth_key.reveal().encode()) if auth is not None and credential.auth_key else None,
        priv_key=privacy(credential.privacy_key.reveal().encode()) if privacy is not None and credential.privacy_key else None,
        key_expansion=expansion,
    )


class _Socket(SnmpSession):
    """gufo's session with the single steps its iterators are made of."""

    def bulk_step(self, position: GetIter) -> list[Varbind | None]:
        return self._sock.get_bulk(position)

    @property
    def is_met(self) -> bool:
        """Whether the device told its engine id."""
        return self._deferred_user is None

    def next_step(self, position: GetIter) -> Varbind:
        return self._sock.get_next(position)


def _ask(request: Callable[[], Answer]) -> Answer:
    """Send and wait, with gufo's errors told in the words of the port."""
    try:
        return request()
    except (TimeoutError, BlockingIOError) as error:
        raise NoAnswer("no answer in time") from error
    except SnmpAuthError as error:
        raise AccessRefused("refused: wrong user, key or protocol, or a view that does not allow it") from error
    except (SnmpError, ValueError, RuntimeError) as error:
        raise AnswerRefused(f"answer cannot be read: {type(error).__name__}: {error}") from error
    except OSError as error:
        raise NoAnswer(f"cannot be reached: {error.strerror or error}") from error
    except BaseException as error:
        # Some malformed answers make gufo's decoder panic. PyO3 raises that outside Exception, from a class it does not export.
        if type(error).__name__ != PANIC:
            raise
        raise DecoderPanic(f"answer cannot be read: the decoder gave up: {error}") from error


class GufoWalk:
    def __init__(self, session: "GufoSession", base: str, repetitions: int | None) -> None:
        self._session = session
        self._bulk = repetitions is not None
        self._position = GetIter(base, repetitions)

    def step(self) -> Step:
        """GETBULK; where that brings nothing, one GETNEXT tells the end of the MIB from an answer that would have been too big."""
        try:
            if self._bulk:
                received = self._session.request(lambda socket: socket.bulk_step(self._position))
                varbinds = [varbind for varbind in received if varbind is not None]
                return Step(varbinds, len(varbinds) < len(received))
        except StopAsyncIteration:
            logger.debug("getbulk brought nothing; asking once more by getnext")
        try:
            return Step((self._session.request(lambda socket: socket.next_step(self._position)),), False)
        except StopAsyncIteration:
            return Step((), True)


class GufoSession:
    """`Session` over one connected UDP socket, which is opened anew after a decoder's panic."""

    def __init__(self, target: Target, timeout_seconds: float) -> None:
        credential = target.snmp
        if credential is None or credential.version not in VERSIONS:
            version = None if credential is None else credential.version
            raise CredentialUnusable(
                f"device {target.name}: SNMP version {version!r} cannot be spoken; give it a credential of v1, v2c or v3"
            )
        self._target, self._credential, self._timeout_seconds = target, credential, timeout_seconds
        self._user = user_of(credential) if credential.version == "v3" else None
        self._socket: _Socket | None = None

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        found = self.request(lambda socket: socket.get_many(oids))
        if found or len(oids) == 1:
            return found
        # In SNMPv1 one missing object empties the whole answer (RFC 1157, 4.1.2), and so does tooBig in any version.
        half = len(oids) // 2
        return {**self.get_many(oids[:half]), **self.get_many(oids[half:])}

    def walk(self, base: str, repetitions: int) -> ColumnWalk:
        return GufoWalk(self, base, None if self._credential.version == "v1" else repetitions)

    @property
    def engine_id(self) -> bytes | None:
        return self._socket.get_engine_id() if self._user is not None and self._socket is not None else None

    def remarks(self) -> Sequence[str]:
        is_unchecked = self._user is not None and self._user.require_auth()
        return (UNCHECKED,) if is_unchecked else ()

    @property
    def is_open(self) -> bool:
        """Whether there is a socket; it is closed after what may have left it useless."""
        return self._socket is not None

    def request(self, ask: Callable[[_Socket], Answer]) -> Answer:
        """One question over the socket; `StopAsyncIteration` is gufo's way to end a walk and passes through."""
        socket = self._socket = self._socket or self._opened()
        try:
            return self._asked(lambda: ask(socket))
        except DecoderPanic:
            self._socket = None
            raise
        except NoAnswer:
            if self._user is not None:
                self._socket = None  # gufo does not answer a report of another engine id: the next attempt asks for it anew
            raise

    def _asked(self, request: Callable[[], Answer]) -> Answer:
        """Asked again after a refusal in SNMPv3: it may have been a report of boots and time, which gufo has taken to heart by then."""
        try:
            return _ask(request)
        except AccessRefused:
            if self._user is None or not self._user.require_auth():
                raise
            return _ask(request)

    def _opened(self) -> _Socket:
        """SNMPv3 needs the engine's id, boots and time before the first request (RFC 3414, 4)."""
        socket = _ask(
            lambda: _Socket(
                self._target.address,
                port=self._target.snmp_port,
                community=self._credential.community.reveal() if self._credential.community else "",
                user=self._user,
                version=VERSIONS[self._credential.version],
                timeout=self._timeout_seconds,
                recv_buffer=RECEIVE_BUFFER_OCTETS,
            )
        )
        try:
            _ask(socket.refresh)
        except NoAnswer:
            if not socket.is_met:
                raise
            self._check_keys(socket)
        return socket

    @staticmethod
    def _check_keys(socket: _Socket) -> None:
        """The engine told its id but said nothing to the user, perhaps by a lost datagram. gufo passes over decryption errors."""
        try:
            _ask(socket.refresh)
        except NoAnswer as error:
            raise AccessRefused("refused: the device is there, but silent to this user: wrong privacy key or protocol") from error
