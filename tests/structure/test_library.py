"""What library code does not do: print, form circles, bring in parts under a licence we cannot ship with."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"natvakt_agent": "agent", "natvakt_server": "server", "natvakt_wire": "proto"}
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]*\])?")
FREE_TO_SHIP_BESIDE = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)
NOT_FREE_TO_SHIP_BESIDE = re.compile(r"\bA?GPL|(Affero )?General Public Licen[cs]e", re.IGNORECASE)


def modules() -> dict[str, Path]:
    found = {}
    for package, folder in PACKAGES.items():
        for path in sorted((ROOT / folder / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT / folder).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imported(name: str, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {target for target in imported(name, path) if target in MODULES and target != name} for name, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


PRINTING = [path for name, path in MODULES.items() if ".app" not in name]


@pytest.mark.parametrize("path", PRINTING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_commands_print(path: Path) -> None:
    called = [
        node.func.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert "print" not in called, "library code logs, or answers its caller"


def runtime_distributions() -> dict[str, Distribution]:
    """Everything that an agent or a server needs to run, with what that needs in turn."""
    found: dict[str, Distribution] = {}
    waiting = [("natvakt", frozenset({"agent", "server"}))]
    seen: defaultdict[str, set[str]] = defaultdict(set)
    while waiting:
        name, extras = waiting.pop()
        try:
            known = distribution(name)
        except PackageNotFoundError:  # for another system, or an extra nobody asked for
            continue
        found[known.metadata["Name"]] = known
        for requirement in known.requires or ():
            marker = re.search(r"extra == ['\"]([^'\"]+)['\"]", requirement)
            if marker and marker[1] not in extras:
                continue
            needed = REQUIREMENT.match(requirement)
            assert needed is not None
            wanted = frozenset((needed[2] or "").strip("[]").replace(" ", "").split(",")) - {""}
            if needed[1] not in seen or not wanted <= seen[needed[1]]:
                seen[needed[1]] |= wanted
                waiting.append((needed[1], wanted))
    return found


def licence_of(found: Distribution) -> str:
    """What the metadata says, or where it says nothing the beginning of the licence itself."""
    metadata = found.metadata
    told = [metadata.get("License-Expression") or "", (metadata.get("License") or "")[:200]]
    told += [line for line in metadata.get_all("Classifier") or () if line.startswith("License ::")]
    if not "".join(told).strip():
        files = [file for file in found.files or () if re.search(r"licen[cs]e", file.name, re.IGNORECASE)]
        told += [Path(str(found.locate_file(file))).read_text("utf-8", "replace")[:4_000] for file in files]
    return " ".join(told)


def test_nothing_that_runs_with_natvakt_is_under_the_gpl() -> None:
    found = runtime_distributions()
    assert {"natvakt", "cryptography", "Flask", "SQLAlchemy"} <= set(found), "the walk over requirements finds too little"
    judged = {name: licence_of(each) for name, each in found.items()}
    assert [name for name, licence in judged.items() if not licence.strip()] == []
    refused = {name: text for name, text in judged.items() if NOT_FREE_TO_SHIP_BESIDE.search(FREE_TO_SHIP_BESIDE.sub("", text))}
    assert refused == {}
