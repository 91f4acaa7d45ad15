"""What passes between the agent and a child: length-prefixed msgpack, both ways over pipes.

A frame is four octets of length (big endian) and so much msgpack. A frame longer than `MOST_FRAME_OCTETS` ends the pipe: the child is
not trusted with the agent's memory.
"""

import struct
from typing import IO, TypeVar

import msgspec

MOST_FRAME_OCTETS = 16 * 1024 * 1024
LENGTH = struct.Struct(">I")
Message = TypeVar("Message")


class FrameRefused(Exception):
    """The other end sent what is no frame; nothing after it can be trusted."""


class Call(msgspec.Struct, frozen=True, array_like=True):
    """Agent to child. `number` names the answer."""

    number: int
    method: str
    argument: bytes


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """Child to agent. `fault` is the name of the handler's exception, and `body` its message then. Number 0: pushed unasked."""

    number: int
    body: bytes
    fault: str = ""


def write_frame(pipe: IO[bytes], message: Call | Answer) -> None:
    """Raises OSError when the other end is gone, FrameRefused for a message that is too long to send."""
    body = msgspec.msgpack.encode(message)
    if len(body) > MOST_FRAME_OCTETS:
        raise FrameRefused(f"a message of {len(body)} octets; at most {MOST_FRAME_OCTETS} fit into a frame")
    pipe.write(LENGTH.pack(len(body)) + body)
    pipe.flush()


def read_frame(pipe: IO[bytes], kind: type[Message]) -> Message | None:
    """The next message, or None at the end of the pipe. Raises FrameRefused."""
    head = _exactly(pipe, LENGTH.size)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    if length > MOST_FRAME_OCTETS:
        raise FrameRefused(f"a frame of {length} octets; at most {MOST_FRAME_OCTETS} are taken")
    body = _exactly(pipe, length)
    if body is None:
        return None
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise FrameRefused(f"a frame that is no {kind.__name__}: {error}") from error


def _exactly(pipe: IO[bytes], length: int) -> bytes | None:
    parts: list[bytes] = []
    while length:
        part = pipe.read(length)
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
