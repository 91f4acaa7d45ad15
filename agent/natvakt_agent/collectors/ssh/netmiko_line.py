"""netmiko under one session: the only module that opens a connection for SSH. Imported in the child process only.

    socket of ours (ended by a timer at the deadline) ─► paramiko handshake ─► host key against the pin ─► login ─► shell ─► Guard ─► line

The driver is netmiko's own for the system, with three things changed: the host key must be the pinned one before anything about the
login is sent, every write passes the guard, and preparing the session is left to `Conversation`, which asks for nothing that changes
a configuration (netmiko would set the width of an ASA's terminal in configuration mode).
"""

import codecs
import io
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from typing import Any

import paramiko
from netmiko import BaseConnection
from netmiko.channel import Channel
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoBaseException
from netmiko.ssh_dispatcher import CLASS_MAPPER
from paramiko.auth_strategy import AuthFailure, AuthSource, AuthStrategy, InMemoryPrivateKey, NoneAuth, Password

from natvakt_agent.collectors.ssh.conversation import SessionFailed
from natvakt_agent.collectors.ssh.dialects import ENABLE, Dialect
from natvakt_agent.collectors.ssh.guard import Guard, NotAllowed
from natvakt_agent.collectors.ssh.messages import HostKey, Login, Trouble

READ_OCTETS = 64 * 1024
HEARD_CHARACTERS = 512
HANDSHAKE_SECONDS = 30.0
BROKEN = (OSError, EOFError, paramiko.SSHException, NetmikoBaseException)
"""What the libraries raise when a session breaks under them."""
PRIVATE_KEYS: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class KeyChanged(paramiko.SSHException):
    """The device shows another host key than the pinned one."""

    def __init__(self, offered: HostKey) -> None:
        super().__init__("the device shows another host key than the pinned one; nothing was sent to it")
        self.offered = offered


class _OnlyPinned(paramiko.MissingHostKeyPolicy):
    """Called by paramiko after the handshake and before the login (RFC 4253, 8): the one place where a host key is judged."""

    def __init__(self, pinned: HostKey) -> None:
        self._pinned = pinned

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:  # noqa: ARG002
        if key.asbytes() != self._pinned.blob:
            raise KeyChanged(_host_key(key))


class _Ways(AuthStrategy):
    """How to log in: the key, the password, and for a device that asks inside the session, nothing (`none`, RFC 4252, 5.2)."""

    def __init__(self, login: Login, asks_in_session: bool) -> None:
        super().__init__(ssh_config=paramiko.SSHConfig())
        self._login = login
        self._asks_in_session = asks_in_session

    def get_sources(self) -> Iterator[AuthSource]:
        if self._login.private_key:
            yield InMemoryPrivateKey(self._login.user, _private_key(self._login.private_key))
        if self._login.password:
            yield Password(self._login.user, lambda: self._login.password)
        if self._asks_in_session:
            yield NoneAuth(self._login.user)


def _transport(sock: Any, algorithm: str | None = None, **options: Any) -> paramiko.Transport:
    """A transport that would rather see the pinned type of key than another one of the same device."""
    made = paramiko.Transport(sock, **options)
    wanted = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa") if algorithm == "ssh-rsa" else (algorithm,)
    security = made.get_security_options()
    known = list(security.key_types)
    security.key_types = [*(name for name in wanted if name in known), *(name for name in known if name not in wanted)]
    return made


class _GuardedChannel(Channel):
    """netmiko's channel with the guard before it; remembers the end of what was heard."""

    def __init__(self, inner: Channel, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard
        self.heard = ""

    def read_buffer(self) -> str:
        return self.note(self._inner.read_buffer())

    def read_channel(self) -> str:
        return self.note(self._inner.read_channel())

    def note(self, text: str) -> str:
        self.heard = (self.heard + text)[-HEARD_CHARACTERS:]
        return text

    def write_channel(self, out_data: str) -> None:
        self._guard.check(out_data, self.heard)
        self._inner.write_channel(out_data)


def _driver(dialect: Dialect, guard: Guard, login: Login, pinned: HostKey) -> type[BaseConnection]:
    """netmiko's class for the dialect, changed as the module says."""
    base: type[BaseConnection] = CLASS_MAPPER[dialect.driver]

    class Driver(base):  # type: ignore[misc, valid-type]
        @property
        def channel(self) -> _GuardedChannel:
            return self._guarded

        @channel.setter
        def channel(self, inner: Channel) -> None:
            self._guarded = _GuardedChannel(inner, guard)

        def _build_ssh_client(self) -> paramiko.SSHClient:
            client = paramiko.SSHClient()
            client.set_missing_host_key_policy(_OnlyPinned(pinned))
            return client

        def _connect_params_dict(self) -> dict[str, Any]:
            return dict(super()._connect_params_dict()) | {
                "transport_factory": partial(_transport, algorithm=pinned.algorithm),
                "auth_strategy": _Ways(login, dialect.asks_in_session),
            }

        def special_login_handler(self, delay_factor: float = 1.0) -> None:
            """Left to the conversation."""

        def _try_session_preparation(self, force_data: bool = True) -> None:
            """Left to the conversation."""

    return Driver


class NetmikoLine:
    """A `Line` over a netmiko connection, bounded by the deadline."""

    def __init__(self, remote: paramiko.Channel, channel: _GuardedChannel, deadline: float) -> None:
        self._remote = remote
        self._channel = channel
        self._deadline = deadline
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read(self, timeout_seconds: float) -> str:
        left_seconds = self._deadline - monotonic()
        if left_seconds <= 0:
            raise _too_late()
        self._remote.settimeout(min(timeout_seconds, left_seconds))
        try:
            octets = self._remote.recv(READ_OCTETS)
        except TimeoutError:
            if timeout_seconds >= left_seconds:
                raise _too_late() from None
            return ""
        except BROKEN as error:  # reading acknowledges what was read, which is a write
            raise self._ended(error) from error
        if not octets:
            raise _too_late() if monotonic() >= self._deadline else SessionFailed(Trouble.CUT, "the device ended the session")
        return self._channel.note(self._decoder.decode(octets))

    def write(self, text: str) -> None:
        if monotonic() >= self._deadline:
            raise _too_late()
        try:
            self._channel.write_channel(text)
        except NotAllowed as error:
            raise SessionFailed(Trouble.FAULT, str(error)) from error
        except BROKEN as error:
            raise self._ended(error) from error

    def _ended(self, error: Exception) -> SessionFailed:
        if monotonic() >= self._deadline:
            return _too_late()
        return SessionFailed(Trouble.CUT, f"the session ended: {type(error).__name__}")


def _too_late() -> SessionFailed:
    return SessionFailed(Trouble.DEADLINE, "the time for this device is up")


@contextmanager
def opened(address: str, port: int, dialect: Dialect, login: Login, pinned: HostKey, deadline_seconds: float) -> Iterator[NetmikoLine]:
    """A logged-in line. Raises SessionFailed, KeyChanged."""
    deadline = monotonic() + deadline_seconds
    lines = {*dialect.commands(), *dialect.paging_off, dialect.leave} | ({ENABLE} if dialect.has_enable else set())
    guard = Guard(lines, login.user, (login.password, login.enable))
    with _socket(address, port, deadline) as sock:
        connection = _driver(dialect, guard, login, pinned)(
            host=address,
            port=port,
            username=login.user,
            device_type=dialect.driver,
            sock=sock,
            conn_timeout=min(HANDSHAKE_SECONDS, deadline_seconds),
            banner_timeout=min(HANDSHAKE_SECONDS, deadline_seconds),
            auth_timeout=min(HANDSHAKE_SECONDS, deadline_seconds),
            auto_connect=False,
        )
        try:
            connection.establish_connection()
        except BROKEN as error:
            _let_go(connection)
            raise _sorted_out(error, deadline) from error
        try:
            assert isinstance(connection.remote_conn, paramiko.Channel)
            assert isinstance(connection.channel, _GuardedChannel)
            yield NetmikoLine(connection.remote_conn, connection.channel, deadline)
        finally:
            _let_go(connection)


def _let_go(connection: BaseConnection) -> None:
    """Saying goodbye is a write too; the socket is closed in any case."""
    with suppress(*BROKEN):
        connection.paramiko_cleanup()


def greet(address: str, port: int, deadline_seconds: float) -> HostKey:
    """The host key a device shows; nothing of a login is sent. Raises SessionFailed."""
    deadline = monotonic() + deadline_seconds
    with _socket(address, port, deadline) as sock:
        transport = paramiko.Transport(sock)
        transport.banner_timeout = min(HANDSHAKE_SECONDS, deadline_seconds)
        try:
            transport.start_client(timeout=min(HANDSHAKE_SECONDS, deadline_seconds))
            return _host_key(transport.get_remote_server_key())
        except BROKEN as error:
            raise _sorted_out(error, deadline) from error
        finally:
            transport.close()


@contextmanager
def _socket(address: str, port: int, deadline: float) -> Iterator[socket.socket]:
    """A connection that a timer breaks at the deadline, so that no library can wait beyond it (promise 36)."""
    left_seconds = max(0.1, deadline - monotonic())
    try:
        sock = socket.create_connection((address, port), timeout=min(HANDSHAKE_SECONDS, left_seconds))
    except OSError as error:
        raise SessionFailed(Trouble.UNREACHABLE, f"TCP port {port}: {error.strerror or error}") from error
    timer = threading.Timer(max(0.0, deadline - monotonic()), _break, (sock,))
    timer.daemon = True
    timer.start()
    try:
        yield sock
    finally:
        timer.cancel()
        sock.close()


def _break(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _sorted_out(error: BaseException, deadline: float) -> SessionFailed | KeyChanged:
    """What netmiko and paramiko say, by what a person has to do; netmiko hides paramiko's error behind its own."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, KeyChanged):
            return cause
    if monotonic() >= deadline:
        return SessionFailed(Trouble.DEADLINE, "the time for this device was up before it let anybody in")
    if any(isinstance(cause, NetmikoAuthenticationException) for cause in causes) and _was_refused(causes):
        return SessionFailed(Trouble.LOGIN_REFUSED, "the device does not take this login")
    if any(isinstance(cause, paramiko.ssh_exception.IncompatiblePeer) for cause in causes):
        return SessionFailed(Trouble.FAULT, f"no SSH algorithm in common: {causes[-1]}"[:300])
    return SessionFailed(Trouble.UNREACHABLE, f"no SSH session: {type(causes[-1]).__name__}: {causes[-1]}"[:300])


def _was_refused(causes: Sequence[BaseException]) -> bool:
    """Whether the device said no; paramiko calls a connection lost meanwhile a failed login too."""
    failures = [cause for cause in causes if isinstance(cause, AuthFailure)]
    return all(isinstance(way.result, paramiko.AuthenticationException) for failure in failures for way in failure.result)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _private_key(text: str) -> paramiko.PKey:
    for kind in PRIVATE_KEYS:
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise SessionFailed(Trouble.LOGIN_REFUSED, "the private key in the vault is of no kind that is known")


def _host_key(key: paramiko.PKey) -> HostKey:
    return HostKey(key.get_name(), key.asbytes())
