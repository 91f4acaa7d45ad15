"""The exact texts that are about to leave the site or just left it, for the site to see; and, where it wants so, to approve first.

One place is one text of one device, such as its running configuration. Of each place two files are kept, mode 0600: the newest text, and
the newest that was approved. Where texts are held, what leaves is the newest approved one: approving is a person's word on that text and
on no later one.

    collector ── scrubber ── offer ──┬── not held ──────────────────────► leaves
                                     └── held ── person: list, show, approve ── at the next offer ──► leaves
"""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from natvakt_agent.app.status import iso
from natvakt_agent.model.clock import Clock
from natvakt_agent.scrubbing.outcome import Scrubbed
from natvakt_agent.vault.files import write_atomically

logger = logging.getLogger(__name__)

MAX_PLACES = 4000
State = Literal["leaving", "held", "approved", "blocked"]

_PROGRESS: tuple[State, ...] = ("blocked", "held", "approved", "leaving")


class OutgoingText(msgspec.Struct, frozen=True, kw_only=True):
    """A text as it leaves. `text` is None where the scrubber blocked it; `doubtful` are then the lines (from 1) that stopped it."""

    id: str
    device: str
    what: str
    at: str
    state: State
    removed: int
    doubtful: Sequence[int]
    text: str | None


class UnknownText(Exception):
    """There is no such text, or it is not the one that was looked at. The text of the error goes to the user."""


class Outgoing:
    """`offer` is called by the poll threads, one thread a device at a time; the rest by commands, in another process."""

    def __init__(self, folder: Path, clock: Clock, hold: bool) -> None:
        self._folder = folder
        self._clock = clock
        self._hold = hold

    def offer(self, device: str, what: str, scrubbed: Scrubbed) -> str | None:
        """The text that may leave now for this place, None where there is none. Raises OSError: what cannot be shown must not leave."""
        approved = self._read(self._file(device, what, "approved")) if self._hold else None
        if scrubbed.text is None:
            state: State = "blocked"
        elif self._hold and (approved is None or approved.text != scrubbed.text):
            state = "held"
        else:
            state = "leaving"
        newest = OutgoingText(
            id=_id(device, what, scrubbed.text),
            device=device,
            what=what,
            at=iso(self._clock.wall_ns()),
            state=state,
            removed=len(scrubbed.removed),
            doubtful=tuple(scrubbed.doubtful),
            text=scrubbed.text,
        )
        self._write(self._file(device, what, "newest"), newest)
        if state == "blocked":
            logger.warning("text blocked device=%s what=%s doubtful_lines=%d", device, what, len(scrubbed.doubtful))
        if approved is not None:
            if approved.state == "approved":
                self._write(self._file(device, what, "approved"), msgspec.structs.replace(approved, state="leaving"))
            return approved.text
        return scrubbed.text if state == "leaving" else None

    def texts(self) -> list[OutgoingText]:
        """Newest first; of a place the newest text, and the approved one where it is another."""
        found = [text for path in self._folder.glob("*.json") if (text := self._read(path)) is not None]
        unique = {text.id: text for text in sorted(found, key=lambda text: _PROGRESS.index(text.state))}
        return sorted(unique.values(), key=lambda text: (text.at, text.id), reverse=True)

    def text(self, text_id: str) -> OutgoingText:
        """Raises UnknownText."""
        for text in self.texts():
            if text.id == text_id:
                return text
        raise UnknownText(f"{text_id}: there is no such text, or a newer one took its place; natvakt-agent outgoing list")

    def approve(self, text_id: str) -> OutgoingText:
        """Let this very text leave at the device's next poll. Raises UnknownText."""
        text = self.text(text_id)
        if text.text is None:
            raise UnknownText(f"{text_id}: was blocked and cannot be approved; take the secret out of the device's configuration")
        approved = msgspec.structs.replace(text, state="approved")
        self._write(self._file(text.device, text.what, "approved"), approved)
        return approved

    def _file(self, device: str, what: str, role: str) -> Path:
        return self._folder / f"{_place(device, what)}.{role}.json"

    def _write(self, path: Path, text: OutgoingText) -> None:
        if not path.exists():
            self._make_room()
        write_atomically(path, msgspec.json.encode(text))

    def _make_room(self) -> None:
        """The oldest places go first."""
        kept = sorted(self._folder.glob("*.newest.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in kept[: max(0, len(kept) - MAX_PLACES + 1)]:
            path.unlink(missing_ok=True)
            path.with_name(path.name.replace(".newest.", ".approved.")).unlink(missing_ok=True)

    def _read(self, path: Path) -> OutgoingText | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=OutgoingText)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            logger.warning("outgoing text left out path=%s reason=not readable", path)
            return None


def _place(device: str, what: str) -> str:
    return hashlib.sha256(f"{device}\0{what}".encode()).hexdigest()[:16]


def _id(device: str, what: str, text: str | None) -> str:
    """Names the place and the very text in it."""
    return f"{_place(device, what)[:8]}-{hashlib.sha256((text or '').encode()).hexdigest()[:8]}"
