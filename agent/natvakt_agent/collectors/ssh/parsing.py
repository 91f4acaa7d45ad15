"""Show commands read into rows with ntc-templates (TextFSM). Imported in the child process only.

A text that its template does not take to the last line gives no rows at all: half an inventory is none (promise 31).
"""

from ntc_templates.parse import parse_output
from textfsm import TextFSMError
from textfsm.clitable import CliTableError

from natvakt_agent.collectors.ssh.dialects import Dialect

MOST_PARSED_CHARACTERS = 1024 * 1024


def rows_of(text: str, command: str, dialect: Dialect) -> list[dict[str, str]] | None:
    """The template's rows with its own names; None where there is no template or the text does not fit it."""
    if len(text) > MOST_PARSED_CHARACTERS:
        return None
    try:
        found = parse_output(platform=dialect.templates, command=command, data=text)
    except (TextFSMError, CliTableError, ValueError):
        return None
    return [{name: value if isinstance(value, str) else ", ".join(map(str, value)) for name, value in row.items()} for row in found] or None
