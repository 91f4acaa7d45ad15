"""The documentation says what there is: each thing a person meets has an entry, generated pages are current, links lead somewhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from natvakt_agent.app import main as agent_main
from natvakt_agent.app.own_collectors import CredentialCollector, HealthCollector
from natvakt_agent.config.schema import AgentConfig
from natvakt_server.analysis.rules import RULES
from natvakt_server.app import main as server_main
from natvakt_server.app.config import SECTIONS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]+)\)")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for target in LINK.findall(page.read_text()):
            yield page, target


def anchors(page: Path) -> set[str]:
    """As the usual renderers make them of headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(("page", "target"), list(links()), ids=lambda value: relative(value) if isinstance(value, Path) else value)
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    found = (page.parent / name).resolve() if name else page
    assert found.exists(), f"{relative(page)} links to {target}, which is not there"
    if anchor:
        assert anchor in anchors(found), f"{relative(page)} links to {target}, but no heading there is called so"


@pytest.mark.parametrize("script", ["generate.py", "generate_tables.py"])
def test_generated_pages_are_what_the_code_says(script: str) -> None:
    done = subprocess.run([sys.executable, REFERENCE / script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}run `make reference`"


@pytest.mark.parametrize("module", [agent_main, server_main], ids=["agent", "server"])
def test_every_command_has_an_entry(module) -> None:
    page = (REFERENCE / "commands.md").read_text()
    parser = module.build_parser()
    for command in module.COMMANDS:
        assert f"## `{parser.prog} {command}" in page


def test_every_key_of_the_server_has_an_entry() -> None:
    page = (REFERENCE / "server-configuration.md").read_text()
    for section, struct in SECTIONS.items():
        assert f"## `[{section}]`" in page
        for field in msgspec.structs.fields(struct):
            assert f"| `{field.name}` |" in page


def test_every_section_of_the_agent_has_an_entry() -> None:
    page = (REFERENCE / "agent-configuration.md").read_text()
    for field in msgspec.structs.fields(AgentConfig):
        assert f"`{field.name}`" in page or f"`[{field.name}]`" in page or f"`[[{field.name}]]`" in page, field.name


def test_every_rule_has_an_entry() -> None:
    page = (REFERENCE / "rules.md").read_text()
    assert [rule.id for rule in RULES if f"### `{rule.id}`" not in page] == []


def test_every_collector_has_an_entry() -> None:
    page = (REFERENCE / "collectors.md").read_text()
    folders = [path.name for path in (ROOT / "agent/natvakt_agent/collectors").iterdir() if (path / "__init__.py").is_file()]
    for name in [*folders, CredentialCollector.name, HealthCollector.name]:
        assert f"## `{name}`" in page


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "decisions/README.md").read_text()
    assert [path.name for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md" and f"({path.name})" not in index] == []


def test_every_reference_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text()
    assert [path.name for path in REFERENCE.glob("*.md") if f"(reference/{path.name})" not in index] == []


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    documented = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", "".join(page.read_text() for page in PAGES), re.MULTILINE))
    assert named <= documented
