"""`natvakt-agent backup list | report | token`: look at the backup jobs once; tell how one ended; make the token a script tells it with."""

import argparse
import http.client
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from natvakt_agent.app.backups.joining import backup_collector
from natvakt_agent.app.backups.tokens import TokensDamaged, new_token, write_private
from natvakt_agent.app.context import FAILED, OK, CommandFailed, Context, Settings, add_common_arguments, settings
from natvakt_agent.app.device_registry import DeviceRegistry
from natvakt_agent.app.plans import places, plan_targets
from natvakt_agent.app.wiring import host_name
from natvakt_agent.collectors.backup.collector import TABLE
from natvakt_agent.model.backup import JobState
from natvakt_agent.model.observation import Observation

SCHEMA = "natvakt.backup-list/1"
TOKEN_VARIABLE = "NATVAKT_BACKUP_TOKEN"  # noqa: S105 (the variable's name)
REPORT_SECONDS = 30.0
REPORTED = ("result", "start", "end", "bytes", "items", "warnings", "detail", "target", "restore_test")
FINE = frozenset({JobState.OK, JobState.RUNNING, JobState.WARNING})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="look at every job once and show what would be told of it")
    add_common_arguments(listing, is_action=True)
    token = actions.add_parser("token", help="make a new token for a job of kind push; the one before it ends")
    token.add_argument("job", metavar="JOB")
    token.add_argument("--output", type=Path, metavar="FILE", help="write it there, for its owner alone, in place of printing it")
    add_common_arguments(token, is_action=True)
    report = actions.add_parser("report", help="tell the running agent how a job ended")
    report.add_argument("--job", required=True, metavar="NAME")
    report.add_argument("--result", required=True, metavar="WORD", help="ok, warning, failed, running, or an exit code")
    for name, help_text in (
        ("start", "when it began"),
        ("end", "when it ended; without it, now"),
        ("restore-test", "when it was restored from"),
    ):
        report.add_argument(f"--{name}", metavar="TIME", help=f"{help_text}: ISO 8601 with an offset, or seconds since 1970")
    for name in ("bytes", "items", "warnings"):
        report.add_argument(f"--{name}", metavar="N")
    report.add_argument("--detail", metavar="TEXT", help="one line for people")
    report.add_argument("--target", metavar="TEXT", help="where it saved to")
    report.add_argument("--token-file", type=Path, metavar="FILE", help=f"file of the job's token; without it, {TOKEN_VARIABLE}")
    report.add_argument("--url", metavar="URL", help="the agent's door; without it, as the settings say")
    add_common_arguments(report, is_action=True)


def run(options: argparse.Namespace, context: Context) -> int:
    """Raises CommandFailed, ConfigError, VaultError."""
    if options.action == "token":
        return _token(options, context)
    return _report(options, context) if options.action == "report" else _list(options, context)


def _token(options: argparse.Namespace, context: Context) -> int:
    found = settings(options, context)
    if not any(entry.job == options.job and entry.kind == "push" for entry in found.config.backup):
        raise CommandFailed(f'{options.job}: no [[backup]] of kind "push" has this name')
    try:
        token = new_token(found.paths.backup_tokens, options.job, context.edges.random)
        if options.output:
            write_private(options.output, token + "\n")
    except (OSError, TokensDamaged) as error:
        raise CommandFailed(str(error)) from None
    if options.output:
        context.note(f"token of {options.job} written to {options.output}")
    if options.json:
        context.print_json({"schema": "natvakt.backup-token/1", "job": options.job, "token": None if options.output else token})
    elif not options.output:
        context.print(token)
    return OK


def _report(options: argparse.Namespace, context: Context) -> int:
    told = {name: getattr(options, name) for name in REPORTED if getattr(options, name) is not None}
    told.setdefault("end", str(context.clock.wall_ns() // 1_000_000_000))
    if told["result"].lower() == "running":
        del told["end"]
    token = _read_token(options, context)
    url = options.url or _url(settings(options, context))
    status, words = _post(url, options.job, token, told)
    if options.json:
        context.print_json({"schema": "natvakt.backup-report/1", "job": options.job, "kept": status == http.client.OK, "answer": words})
    if status != http.client.OK:
        raise CommandFailed(f"{url}: {words} (HTTP {status})")
    return OK


def _read_token(options: argparse.Namespace, context: Context) -> str:
    try:
        token = options.token_file.read_text().strip() if options.token_file else context.environment.get(TOKEN_VARIABLE, "")
    except OSError as error:
        raise CommandFailed(f"{options.token_file}: {error.strerror}") from None
    if not token or not token.isascii() or not token.isprintable():
        raise CommandFailed(f"no token: name its file with --token-file, or set {TOKEN_VARIABLE}")
    return str(token)


def _url(found: Settings) -> str:
    section = found.config.backup_reports
    if not section.enabled:
        raise CommandFailed("the door for reports is shut: set [backup_reports] enabled = true, or name another agent's with --url")
    host = f"[{section.address}]" if ":" in section.address else section.address
    return f"http://{host}:{section.port}"


def _post(url: str, job: str, token: str, told: Mapping[str, str]) -> tuple[int, str]:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise CommandFailed(f"{url}: is not an address such as http://127.0.0.1:7480")
    line = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=REPORT_SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        line.request("POST", f"/backup/{quote(job, safe='')}", urlencode(told), headers)
        answer = line.getresponse()
        text = answer.read(4096).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        raise CommandFailed(f"{url}: does not answer: {error}; is the agent running?") from None
    finally:
        line.close()
    return answer.status, _words(text)


def _words(text: str) -> str:
    try:
        return str(json.loads(text)["status"])
    except (ValueError, KeyError, TypeError):
        return "an answer that is not the agent's"


def _list(options: argparse.Namespace, context: Context) -> int:
    """Exit code 1 where a job failed, never ran or cannot be looked at."""
    found = settings(options, context)
    observations = _look(found, context)
    rows = [{**row, "device": device} for device, observation in observations.items() for table in observation.tables for row in table.rows]
    errors = [error for observation in observations.values() for error in observation.errors]
    if options.json:
        context.print_json({"schema": SCHEMA, "jobs": rows, "errors": errors})
    else:
        for row in rows:
            context.print(_line(row))
    for error in errors:
        context.note(error)
    return OK if all(row["state"] in FINE for row in rows) else FAILED


def _look(found: Settings, context: Context) -> Mapping[str, Observation]:
    """By name of the device."""
    credentials, site, own_name = found.credentials(context), found.site_policy(), host_name(found.config)
    devices = DeviceRegistry(found.paths.devices, context.clock, context.edges.random).meet(places(found.config, own_name))
    planned = plan_targets(found.config, site, devices, credentials.get, own_name)
    collector = backup_collector(found.config, planned, credentials, found.paths, context.edges)
    return {
        planned.targets[device].name: collector.collect(planned.targets[device], [TABLE], context.clock)
        for device in planned.backup_seconds
    }


def _line(row: Mapping[str, object]) -> str:
    end, size = row.get("last_success"), row.get("bytes")
    when = datetime.fromtimestamp(end, UTC).isoformat(timespec="minutes") if isinstance(end, int) else "never"
    octets = f"{size} B" if isinstance(size, int) else "-"
    return f"{row['device']}  {row['job']}  {row['kind']}  {row['result']}  last good {when}  {octets}  {row.get('detail') or ''}".rstrip()
