"""Log lines to standard error: one line each, whatever a device put into a value (promise 39)."""

import logging
from typing import TextIO

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class OneLine(logging.Formatter):
    """`2026-11-23T12:00:00 WARNING natvakt_agent.spool message`, with control characters escaped."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(character if character.isprintable() else character.encode("unicode_escape").decode() for character in text)


def configure(level: str, stream: TextIO) -> None:
    """Only called by the command line."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=LEVELS[level], handlers=[handler], force=True)
