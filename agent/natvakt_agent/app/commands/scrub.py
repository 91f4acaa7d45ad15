"""`natvakt-agent scrub FILE --os OS`: a configuration as it would leave the site."""

import argparse
from pathlib import Path

from natvakt_agent.app.context import FAILED, OK, CommandFailed, Context, settings
from natvakt_agent.app.scrubbing import decoded, site_scrubber
from natvakt_agent.scrubbing.outcome import Scrubbed
from natvakt_agent.scrubbing.scrubber import SYSTEMS

SCHEMA = "natvakt.scrub/1"
MAX_FILE_BYTES = 64 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the configuration, as the device prints it")
    parser.add_argument("--os", required=True, choices=SYSTEMS, help="what runs on the device")


def run(options: argparse.Namespace, context: Context) -> int:
    path: Path = options.file
    text = decoded(_content(path))
    own = settings(options, context)
    vault = own.vault(context) if own.paths.vault.exists() else None
    scrubbed = site_scrubber(own.paths.scrubbing_key, vault.secrets() if vault else (), context.edges.random).scrub(text, options.os)
    if options.json:
        context.print_json(_document(scrubbed))
    elif scrubbed.text is not None:
        context.out.write(scrubbed.text)
    if not scrubbed.blocked:
        return OK
    lines = ", ".join(map(str, scrubbed.doubtful[:10])) or "see the limits in the documentation"
    context.note(
        f"natvakt-agent scrub: {path}: blocked, since something that looks like a secret would remain (lines: {lines});"
        " take it out of the device's configuration, or add it to the vault so that it is known"
    )
    return FAILED


def _content(path: Path) -> bytes:
    """Raises CommandFailed."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}; name a file that can be read") from None
    if len(content) > MAX_FILE_BYTES:
        raise CommandFailed(f"{path}: is larger than {MAX_FILE_BYTES} bytes, no configuration is; name the right file")
    return content


def _document(scrubbed: Scrubbed) -> dict[str, object]:
    removed = [{"line": removed.line, "kind": removed.kind} for removed in scrubbed.removed]
    return {"schema": SCHEMA, "text": scrubbed.text, "removed": removed, "blocked": scrubbed.blocked}
