"""How much of the machine a child may take."""

import contextlib
import os
import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory_bytes` is address space, `threads` the calls at a time, `niceness` what is added to the agent's own."""

    memory_bytes: int = 768 * MEBIBYTE
    threads: int = 8
    niceness: int = 5
    open_files: int = 512


def confine(limits: Limits) -> None:
    """Take the limits in this process; for good. Windows has none of them: there the memory is watched by the job object of its service."""
    if sys.platform == "win32":
        return
    for kind, wanted in ((resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_NOFILE, limits.open_files), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (ceiling, ceiling))
    with contextlib.suppress(OSError):
        os.nice(limits.niceness)
