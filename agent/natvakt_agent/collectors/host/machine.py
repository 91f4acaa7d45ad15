"""The reader of the machine the agent runs on."""

import platform
from importlib import import_module

from natvakt_agent.collectors.host.psutil_reader import PsutilReader, run_program
from natvakt_agent.collectors.host.reader import HostReader


def own_machine() -> HostReader:
    """That of Windows brings a reader of XML with it, so it is loaded there only."""
    if platform.system() != "Windows":
        return PsutilReader()
    reader: HostReader = import_module("natvakt_agent.collectors.host.windows_reader").WindowsReader(run_program)
    return reader
