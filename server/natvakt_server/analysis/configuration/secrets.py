"""Passwords of a configuration, raw or scrubbed: how each is kept and whether the whole world knows it. The secret itself is not kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_wire.scrubbing.marks import Mark, find_marks
from natvakt_wire.scrubbing.reading import find_secrets
from natvakt_wire.scrubbing.redaction import mark_of

from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.domain.configuration.model import Line

_MD5 = re.compile(r"\$1\$")
_LOGINS = r"(?:username|user|enable|passwd|mgmtuser|config mgmtuser add|admin) "


@dataclass(frozen=True, slots=True)
class Secret:
    """`encryption` is the digit or word the line names, `0` for plain text, `md5` or `salted` where a type 5 shows which; None where a
    mark does not tell."""

    line: Line
    kind: str
    encryption: str | None
    well_known: bool


def login_secrets(reading: Reading) -> Sequence[Secret]:
    """Passwords that let somebody in: of users, of enable, of lines."""
    lines = [line for line in reading.find(_LOGINS) if re.search(r"\b(password|secret|passwd|mgmtuser)\b", line.text, re.IGNORECASE)]
    lines += [line for each in reading.login_lines for line in each.lines if line.text.lower().startswith("password ")]
    if reading.system == "ios-xr":
        lines += reading.below(r"username \S", r"(?:secret|password) ")
    return [secret for line in lines if (secret := secret_of(line, ("password", "secret"))) is not None]


def communities(reading: Reading) -> Sequence[Secret]:
    """Communities of SNMP, each with the line that sets it."""
    lines = reading.find(r"(?:snmp-server community|config snmp community create) \S")
    return [found for line in lines if (found := secret_of(line, ("community",))) is not None]


def secret_of(line: Line, kinds: tuple[str, ...]) -> Secret | None:
    """The secret of such a kind that a line holds."""
    marks = [mark for _, _, mark in find_marks(line.text)]
    raw = "" if marks else next((found.text for found in find_secrets(line.text) if found.kind.endswith(kinds)), "")
    marks = marks or [mark_of(found) for found in find_secrets(line.text) if found.kind.endswith(kinds)]
    mark = next((each for each in marks if each.kind.endswith(kinds)), None)
    return Secret(line, mark.kind, _encryption(line, mark, raw), mark.well_known) if mark is not None else None


def _encryption(line: Line, mark: Mark, raw: str) -> str | None:
    if mark.encryption == "5" and raw:
        return "md5" if _MD5.match(raw) else "salted"
    if mark.encryption is not None:
        return mark.encryption
    named = re.search(r"\b(?:password|secret|encrypted) (\d+) ", line.text)
    if named is not None:
        return named[1]
    return "0" if mark.length is not None or raw else None
