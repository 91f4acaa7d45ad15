"""How much memory this process holds."""

import os
from importlib import import_module
from pathlib import Path

STATM = Path("/proc/self/statm")  # proc_pid_statm(5): the second number is of resident pages


def own_resident_bytes() -> int:
    if STATM.exists():
        return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return int(import_module("psutil").Process().memory_info().rss)  # half a mebibyte, where nothing else tells
