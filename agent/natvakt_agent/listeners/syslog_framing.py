"""Syslog messages out of a TCP stream: octet counting and newlines, told apart at each message (RFC 6587, 3.4).

A sender that counts begins each message with its length and a blank; every message itself begins with `<`. Sizes are bounded: what is
longer than a message may be is passed over to its end, and counted.
"""

from collections.abc import Iterator

MOST_DIGITS = 6
_LINE_ENDS = b"\n\x00"


class Framing:
    """One connection. `feed` what came, in any pieces; answers whole messages."""

    def __init__(self, longest_octets: int) -> None:
        self._longest_octets = longest_octets
        self._kept = bytearray()
        self._passing_over = 0  # octets of a counted message that is too long
        self._is_in_long_line = False
        self.too_long = 0

    def feed(self, octets: bytes) -> Iterator[bytes]:
        self._kept += octets
        while (message := self._next()) is not None:
            if message:
                yield message

    def end(self) -> bytes:
        """What stood behind the last line end when the connection closed."""
        is_whole = not self._is_in_long_line and not self._passing_over and not self._kept[:1].isdigit()
        rest = bytes(self._kept) if is_whole else b""
        self._kept.clear()
        return rest

    def _next(self) -> bytes | None:
        """A message, empty where something was passed over, None where more is needed."""
        kept = self._kept
        if self._passing_over:
            gone = min(self._passing_over, len(kept))
            del kept[:gone]
            self._passing_over -= gone
            return b"" if gone and not self._passing_over else None
        if not kept:
            return None
        if not self._is_in_long_line and kept[:1].isdigit():
            counted = self._counted()
            if counted is not None or self._is_incomplete_count():
                return counted
        return self._line()

    def _is_incomplete_count(self) -> bool:
        head = bytes(self._kept[: MOST_DIGITS + 1])
        digits, blank, _ = head.partition(b" ")
        return digits.isdigit() and (bool(blank) or len(head) <= MOST_DIGITS)

    def _counted(self) -> bytes | None:
        digits, blank, _ = bytes(self._kept[: MOST_DIGITS + 1]).partition(b" ")
        if not blank or not digits.isdigit():
            return None
        length, begins = int(digits), len(digits) + 1
        if length > self._longest_octets:
            self.too_long += 1
            del self._kept[:begins]
            self._passing_over = length
            return b""
        if len(self._kept) < begins + length:
            return None
        message = bytes(self._kept[begins : begins + length])
        del self._kept[: begins + length]
        return message

    def _line(self) -> bytes | None:
        ends = [at for at in (self._kept.find(end) for end in _LINE_ENDS) if at >= 0]
        if not ends:
            if len(self._kept) > self._longest_octets:
                self.too_long += not self._is_in_long_line
                self._is_in_long_line = True
                self._kept.clear()
            return None
        at = min(ends)
        message = bytes(self._kept[:at]).rstrip(b"\r")
        del self._kept[: at + 1]
        if self._is_in_long_line or len(message) > self._longest_octets:
            self.too_long += not self._is_in_long_line
            self._is_in_long_line = False
            return b""
        return message
