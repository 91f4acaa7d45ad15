"""Every word is there in both languages, and no template or page asks for one that nobody wrote."""

import ast
import re
from pathlib import Path

import pytest
from natvakt_server.domain.identity import AgentState
from natvakt_server.domain.registry import Role
from natvakt_server.web.application import template_environment
from natvakt_server.web.devices.charts import CHARTS, RANGES
from natvakt_server.web.screens import SCREENS
from natvakt_server.web.speech import Catalogue, UnknownWord
from natvakt_server.web.states import SEVERITIES, State
from natvakt_server.web.words import WORDS

WEB = Path(__file__).resolve().parents[3] / "server" / "natvakt_server" / "web"
TEMPLATES = sorted(WEB.rglob("*.html"))
MODULES = sorted(WEB.rglob("*.py"))
CATALOGUE = Catalogue([WORDS, *(screen.words for screen in SCREENS)])
SAME_IN_BOTH = 60
IN_TEMPLATES = re.compile(r"""\bt(?:\.count)?\(\s*["']([a-z0-9.-]+)["']\s*[,)]""")
PREFIXES = re.compile(r"""\bt(?:\.known)?\(\s*["']([a-z0-9.-]+\.)["']\s*~""")


def relative(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


def test_no_word_is_blank_and_both_languages_say_something() -> None:
    for key in CATALOGUE.keys:
        english, swedish = CATALOGUE.pair(key)
        assert english.strip(), key
        assert swedish.strip(), key


def test_both_languages_fill_in_the_same_values() -> None:
    values = re.compile(r"\{(\w+)\}")
    for key in CATALOGUE.keys:
        english, swedish = CATALOGUE.pair(key)
        assert set(values.findall(english)) == set(values.findall(swedish)), key


def test_what_is_the_same_in_both_languages_is_the_exception() -> None:
    same = [key for key in CATALOGUE.keys if len(set(CATALOGUE.pair(key))) == 1]
    assert len(same) < SAME_IN_BOTH, same


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_asks_for_words_that_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [key for key in IN_TEMPLATES.findall(text) if not CATALOGUE.knows(key)] == []
    assert [prefix for prefix in PREFIXES.findall(text) if not any(key.startswith(prefix) for key in CATALOGUE.keys)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_speaks_through_the_catalogue_only(path: Path) -> None:
    text = re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<script.*?</script>|<svg.*?</svg>|<code>.*?</code>", " ", path.read_text("utf-8"), flags=re.S
    )
    shown = re.sub(r"<[^>]*>", " ", text)
    loose = [word for word in re.findall(r"[A-Za-zÅÄÖåäö]{3,}", shown) if word not in {"natvakt", "doctype", "html", "nbsp", "wall"}]
    assert loose == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_compiles(path: Path) -> None:
    template_environment().get_template(relative(path))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_code_asks_for_words_that_exist(path: Path) -> None:
    asked = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            called = ast.unparse(node.func)
            if called.endswith("speech") and "report" not in called:
                asked.append(node.args[0].value)
            if called == "Column":
                asked.append(node.args[1].value if isinstance(node.args[1], ast.Constant) else "state")
            if called == "Entry":
                asked.append(node.args[0].value)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Reason" and isinstance(node.args[1], ast.Constant):
            asked.append(str(node.args[1].value))
    assert [key for key in asked if not CATALOGUE.knows(key)] == []


def test_every_member_of_a_closed_set_has_a_word() -> None:
    wanted = [f"state.{state}" for state in State] + [f"severity.{severity}" for severity in SEVERITIES]
    wanted += [f"device-role.{role.value}" for role in Role] + [f"agent-state.{state}" for state in AgentState]
    wanted += [f"chart.{chart.name}" for chart in CHARTS] + [f"range.{name}" for name in RANGES]
    assert [key for key in wanted if not CATALOGUE.knows(key)] == []


def test_a_word_that_nobody_wrote_is_an_error_and_one_written_twice_too() -> None:
    with pytest.raises(UnknownWord):
        CATALOGUE.pair("no-such-word")
    with pytest.raises(ValueError, match="'device' is written twice"):
        Catalogue([{"device": ("a", "b")}, {"device": ("c", "d")}])


def test_no_word_is_left_that_nothing_says() -> None:
    """A key stands whole in a template or module, or begins with a prefix that stands there."""
    code = [path for path in MODULES if path.name != "words.py"]
    text = "\n".join(path.read_text("utf-8") for path in [*TEMPLATES, *code])
    quoted = set(re.findall(r"""["']([a-z0-9.-]+)""", text))
    prefixes = {word for word in quoted if word.endswith((".", "-"))} | {f"{word}." for word in quoted if f'"{word}"' in text}
    unsaid = [key for key in CATALOGUE.keys if key not in quoted and not any(key.startswith(prefix) for prefix in prefixes)]
    assert unsaid == []
