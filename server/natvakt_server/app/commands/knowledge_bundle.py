"""`natvakt-server knowledge bundle create | verify | import`: the knowledge base as one signed file, from server to server."""

import argparse
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.keys import report_signer
from natvakt_server.app.knowledge_base import open_knowledge
from natvakt_server.identity.key_files import KeyDirectory
from natvakt_server.knowledge.bundle import Bundle, Line, read, write
from natvakt_server.knowledge.formats.reading import FileRefused


def add_bundle_arguments(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bundle = verbs.add_parser("bundle", help="the knowledge base as one signed file, for servers without a way to the world")
    steps = bundle.add_subparsers(dest="step", required=True, metavar="STEP")
    create = steps.add_parser("create", help="everything that is known, signed by this server's report key")
    create.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where to write it")
    for name, help_text in (
        ("verify", "whether a bundle is whole, and by whom it was signed"),
        ("import", "take in a bundle that is trusted"),
    ):
        step = steps.add_parser(name, help=help_text)
        step.add_argument("file", type=Path)
        step.add_argument("--key", metavar="HEX", help="the public key of the server that made it (default: this server's own)")


def run_bundle(context: Context) -> int:
    return {"create": _create, "verify": _verify, "import": _import}[context.options.step](context)


def _create(context: Context) -> int:
    store, signer = open_knowledge(context), report_signer(KeyDirectory(context.paths().keys))
    held = store.whole()
    made_at = datetime.fromtimestamp(context.clock.wall_ns() // 10**9, UTC).isoformat().replace("+00:00", "Z")
    data = write(held, made_at, signer.public_key, signer.sign)
    try:
        context.options.output.write_bytes(data)
    except OSError as error:
        raise CommandFailed(f"{context.options.output}: cannot be written: {error.strerror}") from error
    told = {"file": str(context.options.output), "facts": len(held), "public_key": signer.public_key.hex(), "made_at": made_at}
    text = f"{context.options.output}: {len(held)} facts, signed by key {signer.public_key.hex()}"
    context.show({"schema": "natvakt.knowledge-bundle/1", **told}, [text])
    return 0


def _opened(context: Context) -> Bundle:
    try:
        return read(context.options.file.read_bytes())
    except OSError as error:
        raise CommandFailed(f"{context.options.file}: cannot be read: {error.strerror}; check its name and rights") from error
    except FileRefused as error:
        raise CommandFailed(f"{context.options.file}: {error}") from error


def _trusted_key(context: Context) -> str:
    if context.options.key:
        return str(context.options.key).strip().lower()
    paths = context.paths()
    return report_signer(KeyDirectory(paths.keys)).public_key.hex() if paths.keys.is_dir() else ""


def _verify(context: Context) -> int:
    bundle = _opened(context)
    trusted = bundle.public_key == _trusted_key(context)
    detail = (
        "whole, signed by the key that is trusted" if trusted else f"whole, signed by key {bundle.public_key}, which is not trusted here"
    )
    told = {"file": str(context.options.file), "facts": len(bundle.lines), "made_at": bundle.made_at, "public_key": bundle.public_key}
    context.show({"schema": "natvakt.knowledge-bundle/1", **told, "trusted": trusted}, [f"{context.options.file}: {detail}"])
    return 0 if trusted else 1


def _import(context: Context) -> int:
    bundle = _opened(context)
    if bundle.public_key != _trusted_key(context):
        raise CommandFailed(
            f"{context.options.file}: signed by key {bundle.public_key}, which is not trusted here; compare it with what the server "
            "that made it shows, and give it with --key"
        )
    grouped = groupby(sorted(bundle.lines, key=_origin), key=_origin)
    told_by = [(source, as_of, [line.fact for line in lines]) for (source, as_of), lines in grouped]
    done = open_knowledge(context).put_all(told_by, context.clock.wall_ns())
    counts = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}
    told = {"file": str(context.options.file), "read": len(bundle.lines), **counts}
    text = f"{context.options.file}: {len(bundle.lines)} read, " + ", ".join(f"{count} {name}" for name, count in counts.items())
    context.show({"schema": "natvakt.knowledge-bundle/1", **told}, [text])
    return 0


def _origin(line: Line) -> tuple[str, str]:
    return (line.source, line.as_of)
