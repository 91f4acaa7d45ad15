"""What a command does not need it does not load: a person waits for each, and an agent holds what it loaded for as long as it runs."""

import subprocess
import sys

import pytest

LOADED = "import sys; sys.argv = sys.argv[1:]; from {package}.app.main import main\ntry: main()\nexcept SystemExit: print(*sys.modules)"


def loaded_by(package: str, *words: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", LOADED.format(package=package), *words], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("command", [["token", "issue"], ["site", "add"], ["customer", "add"], ["agent", "list"], ["report", "show"]])
def test_an_everyday_command_of_the_server_loads_neither_rules_nor_stores_of_series(command: list[str]) -> None:
    modules = loaded_by("natvakt_server", "natvakt-server", *command, "--help")
    assert not modules & {"duckdb", "numpy", "grpc", "flask", "natvakt_server.analysis.rules", "natvakt_server.app.parts"}


def test_an_agent_that_runs_loads_no_other_command() -> None:
    modules = loaded_by("natvakt_agent", "natvakt-agent", "run", "--help")
    commands = {name for name in modules if name.startswith("natvakt_agent.app.commands.")}
    assert commands == {"natvakt_agent.app.commands.run"}
    assert not modules & {"pysnmp", "netmiko", "paramiko", "natvakt_agent.app.capturing", "natvakt_agent.capture"}
