"""Swedish and English are complete: every word, sentence, fact, unit, reason, role and state that can occur in a report.

What can occur is taken from the rules, the scenarios and the registry themselves: a new rule that forgets a language fails here.
"""

import ast
import string
from pathlib import Path
from zoneinfo import ZoneInfo

import natvakt_server.analysis.rules
import natvakt_server.reports
import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.collectors.snmp.packs import cisco_envmon, cisco_fru, small_business
from natvakt_server.analysis.engine import findings, judge_all
from natvakt_server.analysis.evidence import Reason
from natvakt_server.analysis.rule import Change
from natvakt_server.analysis.rules import RULES
from natvakt_server.analysis.sensors import ABSENT, GOOD, word
from natvakt_server.domain.assessment import FindingState, Severity, Verdict
from natvakt_server.domain.registry import Role
from natvakt_server.domain.schedule import MONTHS
from natvakt_server.reports import difference
from natvakt_server.reports.build import CYCLES_A_YEAR
from natvakt_server.reports.fact_values import ONE, UNITS, VALUES
from natvakt_server.reports.facts import FACTS, STARTS
from natvakt_server.reports.labels import CHANGES, LABELS, ROLES, SEVERITIES, STATES, VERDICTS
from natvakt_server.reports.reasons import REASONS
from natvakt_server.reports.rendering import SHAPES
from natvakt_server.reports.sentences import GLOSSARY, LEGEND, SENTENCES
from natvakt_server.reports.words import LANGUAGES, NO_VALUE, Speech
from testkit.report import cases

SV, EN = (Speech(language, ZoneInfo("Europe/Stockholm")) for language in ("sv", "en"))
REPORTS = Path(natvakt_server.reports.__file__).parent
RULE_FILES = sorted(Path(natvakt_server.analysis.rules.__file__).parent.parent.rglob("*.py"))  # what rules share tells facts too
SAME_IN_BOTH = {"%", "d", "h", "min", "W", "MiB", "B", "ms", "s", "s/24 h", "dBm", "°C", "Mbit/s", "%/d", "Mbit/s/d"}
TABLES = {"labels": LABELS, "severities": SEVERITIES, "states": STATES, "verdicts": VERDICTS, "reasons": REASONS, "roles": ROLES}


def facts():
    """(fact, evidence) of every finding of every scenario."""
    for case in cases():
        for found in findings(judge_all(RULES, case.evidence), case.evidence):
            for fact in found.evidence:
                yield fact, case.evidence


def calls(path, name):
    """The first argument of each call of `name` in a file, where it is a plain text."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name and isinstance(node.args[0].value, str):
                yield node.args[0].value


@pytest.mark.parametrize("table", [*TABLES.values(), CHANGES, SENTENCES, LEGEND], ids=[*TABLES, "changes", "sentences", "legend"])
def test_every_word_is_there_in_both_languages(table):
    for name, words in table.items():
        assert len(words) == len(LANGUAGES), name
        assert all(w.strip() for w in words), name


def test_every_sentence_asks_for_the_same_values_in_both_languages():
    for name, (english, swedish) in SENTENCES.items():
        fields = [{field for _, field, _, _ in string.Formatter().parse(s) if field} for s in (english, swedish)]
        assert fields[0] == fields[1], name


def test_sentences_differ_between_the_languages():
    assert [name for name, (english, swedish) in SENTENCES.items() if english == swedish] == []


@pytest.mark.parametrize(
    ("known", "can_occur"),
    [
        (SEVERITIES, Severity),
        (STATES, FindingState),
        (VERDICTS, Verdict),
        (ROLES, Role),
        (CHANGES, Change),
        (REASONS, Reason),
        (REASONS, [difference.DEVICE_GONE, difference.RULE_GONE, difference.LESS_SEEN]),
        (LABELS, [*CYCLES_A_YEAR, *MONTHS]),
        (LEGEND, [*Severity, *FindingState]),
        (SHAPES, [*Severity, *FindingState]),
    ],
    ids=["severity", "state", "verdict", "role", "change", "reason", "proof", "schedule", "legend", "shape"],
)
def test_everything_that_can_occur_has_a_word(known, can_occur):
    assert {str(w) for w in can_occur} - known.keys() == set()


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.stem)
def test_every_reason_a_rule_gives_has_a_word(path):
    assert set(calls(path, "not_applicable")) - REASONS.keys() == set()


def test_the_reason_that_the_rules_share_has_a_word():
    assert set(calls(Path(natvakt_server.analysis.rules.__file__).parent.parent / "rule.py", "not_applicable")) <= REASONS.keys()


@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.py")), ids=lambda p: p.stem)
def test_every_label_and_sentence_that_the_report_uses_is_there(path):
    assert set(calls(path, "speech")) - LABELS.keys() == set()
    assert set(calls(path, "sentence")) - SENTENCES.keys() == set()


def test_every_fact_of_every_scenario_is_said_in_swedish():
    """A sensor's or interface's own name is a name; what is said about it must be known."""
    missing = set()
    for fact, evidence in facts():
        names = {str(row.get("name")) for device in evidence.devices for table in device.tables.values() for row in table.rows}
        if fact.what not in names and not SV.knows_fact(fact.what):
            missing.add(fact.what)
    assert missing == set()


def test_every_unit_of_every_scenario_is_said_in_swedish():
    assert {fact.unit for fact, _ in facts() if fact.unit} - UNITS.keys() - SAME_IN_BOTH == set()


@pytest.mark.parametrize(
    "states",
    [cisco_envmon.STATES, cisco_fru.FAN_TRAY_STATES, cisco_fru.POWER_STATES, small_business.ENVMON_STATES],
    ids=["envmon", "tray", "power", "sb"],
)
def test_every_bad_state_of_a_fan_or_power_supply_is_said_in_swedish(states):
    words = {word({"state": state}) for state in states.values()}
    assert words - GOOD - ABSENT - VALUES.keys() - {"down"} == set()
    assert "down" in VALUES


def fact_names(path):
    """What the rules of a file call their facts: `x` stands for the values in a name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fact":
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield name.value
            elif isinstance(name, ast.JoinedStr):
                yield "".join(part.value if isinstance(part, ast.Constant) else "x" for part in name.values)


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.stem)
def test_every_fact_a_rule_can_tell_is_said_in_swedish(path):
    """Names that end in a value (of a field, of a sensor) are judged by the scenarios above."""
    assert {name for name in fact_names(path) if not name.endswith("x") and not SV.knows_fact(name.replace("(x)", "(one way)"))} == set()


def test_no_word_is_kept_for_a_fact_that_no_rule_tells():
    analysis = Path(natvakt_server.analysis.rules.__file__).parent.parent
    sources = "".join(path.read_text("utf-8") for path in sorted(analysis.rglob("*.py"))).replace("_", " ")
    ways = [text.partition(" (")[0] for text in (*FACTS, *STARTS)]
    assert [text for text in ways if text.strip() not in sources] == []


def test_the_glossary_explains_each_word_in_both_languages():
    for entry in GLOSSARY.values():
        assert all(text.strip() for text in entry)
    assert len(SV.glossary()) == len(EN.glossary()) == len(GLOSSARY)


@pytest.mark.parametrize(
    ("value", "decimals", "english", "swedish"),
    [
        (1234.5, 1, "1,234.5", "1\u00a0234,5"),
        (0.03, 2, "0.03", "0,03"),
        (-17.25, 2, "−17.25", "−17,25"),
        (-0.0001, 1, "0.0", "0,0"),
        (1_000_000, 0, "1,000,000", "1\u00a0000\u00a0000"),
    ],
)
def test_numbers_follow_the_locale(value, decimals, english, swedish):
    assert (EN.number(value, decimals), SV.number(value, decimals)) == (english, swedish)


def test_dates_and_times_follow_the_locale_and_the_customers_zone():
    summer, winter = "2026-07-01T22:30:00Z", "2026-11-25T23:30:00Z"
    assert (EN.moment(summer), SV.moment(summer)) == ("2 Jul 2026 00:30", "2026-07-02 00:30")
    assert (EN.moment(winter), SV.moment(winter)) == ("26 Nov 2026 00:30", "2026-11-26 00:30")
    assert (EN.date(winter), SV.date(winter)) == ("26 Nov 2026", "2026-11-26")
    assert SV.moment(None) == SV.date(None) == NO_VALUE


@pytest.mark.parametrize(
    ("value", "unit", "english", "swedish"),
    [
        (812, "packets/7 d", "812\u00a0packets/7 d", "812\u00a0paket/7 d"),
        (0.0301, "%", "0.0301\u00a0%", "0,0301\u00a0%"),
        (12.0, "W", "12\u00a0W", "12\u00a0W"),
        ("half", None, "half", "halv"),
        (True, None, "yes", "ja"),
        (False, None, "no", "nej"),
        (None, "W", "–", "–"),
        ("", None, "–", "–"),
        ("hq-core", None, "hq-core", "hq-core"),
    ],
)
def test_a_fact_is_written_as_people_write_it(value, unit, english, swedish):
    assert (EN.quantity(value, unit), SV.quantity(value, unit)) == (english, swedish)


@pytest.mark.parametrize(
    ("minutes", "shown", "rough"), [(5, "5 min", "0,5 h"), (60, "1 h", "1 h"), (95, "1 h 35 min", "2 h"), (0, "0 min", "0 h")]
)
def test_effort_is_told_exactly_and_sums_roughly(minutes, shown, rough):
    assert SV.duration(minutes).replace("\u00a0", " ") == shown
    assert SV.hours(minutes).replace("\u00a0", " ") == rough


@pytest.mark.parametrize(("value", "shown"), [(2.8, "+2,8"), (-0.4, "−0,4"), (0.0, "±0,0")])
def test_a_change_shows_its_sign(value, shown):
    assert SV.signed(value) == shown


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.integers(0, 4))
def test_both_languages_write_the_same_number(value, decimals):
    plain = EN.number(value, decimals).replace(",", "").replace("−", "-")
    assert SV.number(value, decimals).replace("\u00a0", "").replace(",", ".").replace("−", "-") == plain
    assert float(plain) == pytest.approx(value, abs=10**-decimals)


def test_names_of_the_mib_and_of_parts_stay_what_they_are():
    assert SV.fact("Gi1/0/1 ifInErrors") == "Gi1/0/1 ifInErrors"
    assert SV.fact("Te1/1/1 Receive Power Sensor") == "Te1/1/1 Receive Power Sensor"
    assert SV.fact("group 1 allocated") == "grupp 1 tilldelat"
    assert SV.fact("member 2 state") == "medlem 2 läge"
    assert SV.fact("access point 02:c1 last seen") == "accesspunkt 02:c1 senast sedd"
    assert SV.fact("C9300-24T FCW1 contract C-7 ends in") == "C9300-24T FCW1 avtal C-7 slutar om"
    assert SV.fact("answer to icmp") == "svar på icmp"


def test_one_of_a_kind_is_said_in_the_singular():
    assert (SV.quantity(1, "phones"), EN.quantity(1, "phones")) == ("1\u00a0telefon", "1\u00a0phone")
    assert (SV.quantity(2, "phones"), EN.quantity(0, "phones")) == ("2\u00a0telefoner", "0\u00a0phones")
    assert SV.quantity(1.0, "days") == "1\u00a0dygn"


@pytest.mark.parametrize(
    ("name", "said"),
    [("copy on change", "kopia vid ändring"), ("Gi1/0/1, group 2", "Gi1/0/1, grupp 2"), ("groupe", "groupe"), ("", ""), ("/var", "/var")],
)
def test_what_we_call_an_object_is_said_in_swedish_and_names_stay(name, said):
    assert (SV.object(name), EN.object(name)) == (said, name)


def test_every_plural_unit_has_its_singular():
    assert {unit for unit in UNITS if unit.partition("/")[0].endswith("s") and unit not in ONE} == set()


def test_a_label_of_ours_that_is_missing_is_an_error_and_a_word_of_the_document_is_not():
    with pytest.raises(KeyError):
        SV("no such label")
    assert SV.reason("a reason of a later version") == "a reason of a later version"


def test_a_language_that_reports_do_not_speak_is_refused():
    with pytest.raises(ValueError, match="en and sv"):
        Speech("de", ZoneInfo("UTC"))
