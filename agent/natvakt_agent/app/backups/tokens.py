"""Tokens of the door for reports: one a job, shown once, kept as a hash."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

TOKEN_OCTETS = 32


class TokensDamaged(Exception):
    """The file of tokens is not one; the text names the way out."""


def new_token(path: Path, job: str, random: Callable[[int], bytes]) -> str:
    """A fresh token of a job; the one before it ends at once. Raises OSError, TokensDamaged."""
    token = base64.urlsafe_b64encode(random(TOKEN_OCTETS)).rstrip(b"=").decode()
    known = dict(known_jobs(path)) | {job: hashlib.sha256(token.encode()).hexdigest()}
    write_private(path, json.dumps(known, indent=1, sort_keys=True) + "\n")
    return token


def known_jobs(path: Path) -> Mapping[str, str]:
    """Hash by job. Raises OSError, TokensDamaged."""
    try:
        told = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise TokensDamaged(f"{path}: is not a list of tokens; remove it and make new ones: natvakt-agent backup token JOB")
    return {str(job): str(digest) for job, digest in told.items()}


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, for the agent's user alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
