"""PDF and HTML: the parts in order, both languages, the same bytes twice, and text from devices that stays text."""

import re
import subprocess
from datetime import date
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.analysis.evidence import Acceptance, Reason, Table
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.registry import Role
from natvakt_server.reports.blocks import Bars, Cell, Commands, FindingHead, Heading, Paragraph
from natvakt_server.reports.blocks import Table as Rows
from natvakt_server.reports.flow import flow
from natvakt_server.reports.marks import checked
from natvakt_server.reports.names import clipped, listed
from natvakt_server.reports.outlook_model import BudgetLine, KnowledgeSource, ModelLife, Outlook, SoftwareStand, Upgrade
from natvakt_server.reports.performance_model import LinkLoad, Performance
from natvakt_server.reports.rendering import SHAPES, html, pdf
from testkit.images import png
from testkit.report import DAY_NS, assessed, big_site, device, evidence, finding, told, whole_report, whole_site
from testkit.scenario import AS_OF_NS

LANGUAGES = ("sv", "en")
PARTS = {
    "en": ("1 In short", "2 Since last time", "3 Action plan", "4 Core network", "5 Security", "6 Voice", "7 Software and lifecycle",
           "8 Capacity and performance", "9 Backups", "10 Inventory", "11 How it was judged"),
    "sv": ("1 I korthet", "2 Sedan förra gången", "3 Åtgärdsplan", "4 Grundnät", "5 Säkerhet", "6 Telefoni", "7 Programvara och livscykel",
           "8 Kapacitet och prestanda", "9 Säkerhetskopior", "10 Utrustning", "11 Så bedömdes det"),
}  # fmt: skip
NASTY = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "typst": '#import "x.typ": * #read("/etc/passwd") $x$ *bold* _it_ `raw` @ref <label> \\u{41}',
    "formula": "=cmd|'/C calc'!A0",
    "path": "../../../../etc/passwd",
    "jinja": "{{ 7777*7 }}{% for x in y %}{# #}",
    "log line": "sw1\r\n2026-11-25 ERROR fake",
    "nul and controls": "sw\x00\x07\x1b[31mred\x7f",
    "right to left": "مفتاح الشبكة שלום",
    "override": "abc\u202egnp.exe",
    "emoji": "core 🔥👩‍👩‍👧‍👦 switch",
    "long word": "x" * 400,
    "long text": "uplink to the cabinet behind the lift on floor four " * 8,
    "nothing visible": "\u200b\u2060",
}


class Outline(HTMLParser):
    """Tags, texts and attributes of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data):
        self.texts.append(data)


def nasty_site(text):
    """The text wherever a device, a person at it, or the customer can put one."""
    where = device(text, address="192.0.2.7", model=text, serial=text, version=text, site=text, os=text)
    found = finding(
        "core.link.duplex",
        where,
        object=text,
        evidence=(Fact(f"{text} ifAlias", text, None, AS_OF_NS),),
        remediation=(f"interface {text}",),
    )
    document = told(evidence(where, customer=text), [found])
    return msgspec.structs.replace(document, partner=text, performance=Performance(links=(LinkLoad(text, text, text, 1.0, 10.0, 10.0),)))


def headings(document, language, level=1):
    return [b.text for b in flow(document, language).blocks if isinstance(b, Heading) and b.level == level]


def texts(document, language):
    return [b.text for b in flow(document, language).blocks if isinstance(b, Paragraph)]


def words_of(document, tmp_path, language="sv", *options):
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf(document, language))
    return subprocess.run(["pdftotext", *options, file, "-"], capture_output=True, check=True).stdout.decode()


def tell(tmp_path, tool, content):
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    return subprocess.run([tool, file], capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="module")
def whole():
    return whole_report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_come_in_their_order(whole, language):
    assert tuple(headings(whole, language)) == PARTS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_without_findings_has_the_same_parts(language):
    assert tuple(headings(assessed(evidence(device())), language)) == PARTS[language]


@pytest.mark.parametrize(("language", "says"), [("sv", "Ingenting är observerat"), ("en", "Nothing was observed")])
def test_nothing_observed_is_one_clear_page_not_an_empty_table(language, says, tmp_path, poppler):
    document = assessed(evidence())
    assert [type(b) for b in flow(document, language).blocks] == [Heading, Paragraph]
    assert any(says in text for text in texts(document, language))
    assert "Pages:           3" in tell(tmp_path, "pdfinfo", pdf(document, language)), "cover, contents, the one page"


def test_a_level_that_does_not_apply_says_so_in_one_line():
    blocks = flow(assessed(evidence(device("hq-ups", role=Role.UPS, os=None))), "sv").blocks
    place = next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == "voice")
    assert "inte tillämplig" in blocks[place + 1].text
    assert isinstance(blocks[place + 2], Heading)


def test_a_level_that_could_not_be_judged_is_not_called_healthy():
    silent = device("br-rtr", role=Role.WAN_EDGE, tables={"ipsla": Table("ipsla", missing=Reason.UNREACHABLE)})
    said = texts(assessed(evidence(silent)), "en")
    assert any("no sign of health" in text for text in said)


def test_equal_findings_are_one_entry_with_a_line_for_each_device():
    switches = [device(f"sw{n}") for n in range(9)]
    blocks = flow(told(evidence(*switches), [finding("core.link.duplex", d) for d in switches]), "sv").blocks
    heads = [n for n, b in enumerate(blocks) if isinstance(b, FindingHead)]
    assert len(heads) == 1
    table = next(b for b in blocks[heads[0] :] if isinstance(b, Rows))
    assert [row[1].text for row in table.rows] == [f"sw{n} 192.0.2.1" for n in range(9)]


def test_an_entry_holds_all_that_a_finding_must_tell():
    found = finding("core.link.duplex", device())
    blocks = flow(told(evidence(device()), [found]), "en").blocks
    start = next(n for n, b in enumerate(blocks) if isinstance(b, FindingHead))
    entry = blocks[start : start + 7]
    said = str(entry)
    for part in (
        "core.link.duplex",
        "hq-acc1",
        "192.0.2.1",
        "Gi1/0/48",
        "half",
        "812",
        "What it means",
        "Recommendation",
        "10\\xa0min",
        "EtherLike",
    ):
        assert part in said, part
    assert any(isinstance(b, Commands) and "interface Gi1/0/48" in b.lines for b in entry)


def test_the_page_for_the_owner_says_score_work_and_that_no_prices_are_known(whole):
    said = " ".join(texts(whole, "en"))
    assert "The network scores" in said
    assert "hours" in said.lower()
    assert "no prices of hardware" in said


def accepted_site(before):
    """The whole site once more, with three findings that the customer lives with, and knowledge."""
    what = whole_site()
    lived_with = tuple(Acceptance(f.id, date(2027, 6, 30), "new network in spring", "Anna Ek", AS_OF_NS) for f in before.findings[:3])
    life = ModelLife(
        "C9200L-48P-4X", 2, {"end_of_sale": "2025-10-31", "last_date_of_support": "2027-10-31"}, "C9300L-48P-4X", "eox", "2026-11-01"
    )
    outlook = Outlook(
        sources=(KnowledgeSource("eox", "lifecycle", 812, "2026-11-01"),),
        models=(life,),
        software=(SoftwareStand("C9200L-48P-4X", "ios-xe", "17.9.5", 2, ("17.12.4",)),),
        upgrades=(Upgrade("C9200L-48P-4X", "ios-xe", "17.12.4", ("hq-acc1", "hq-acc2"), 9, 1),),
        budget=(BudgetLine("2027-10-31", "C9200L-48P-4X", "C9300L-48P-4X", 2, 360),),
        unlisted=("CP-7821",),
    )
    return assessed(msgspec.structs.replace(what, acceptances=lived_with), before, outlook=outlook)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ("With accepted", "until 30 Jun 2027, by Anna Ek: new network in spring", "31 Oct 2027", "17.12.4", "not known")),
        (
            "sv",
            (
                "Med accepterade",
                "till och med 2027-06-30, av Anna Ek: new network in spring",
                "2027-10-31",
                "17.12.4",
                "CP-7821",
                "inte känt",
            ),
        ),
    ],
)
def test_accepted_risks_lifecycle_upgrades_and_budget_are_told(whole, language, says):
    said = str(flow(accepted_site(whole), language).blocks)
    for part in says:
        assert part in said, part


def test_backups_are_told_with_what_stands_against_putting_them_back():
    texts_ = {"source": "running", "text": "version 17.9\nhostname hq-acc1\ninterface Gi1/0/1\n shutdown\nend\n", "complete": True}
    good = device(tables={"configuration": Table("configuration", (texts_,), AS_OF_NS - 2 * DAY_NS)})
    bad = device("hq-acc2", tables={"configuration": Table("configuration", missing=Reason.NO_CONFIG)})
    row = {"job": "files", "state": 1, "bytes": 0, "last_success": AS_OF_NS // 10**9 - 86_400, "interval_seconds": 3600}
    server = device("hq-nas", role=Role.SERVER, os="linux", tables={"backup_job": Table("backup_job", (row,), AS_OF_NS)})
    document = assessed(evidence(good, bad, server))
    assert [(b.device, b.age_days, b.restorable, b.reason) for b in document.backups] == [
        ("hq-acc1", 2.0, True, None),
        ("hq-acc2", None, False, "no-config"),
    ]
    (job,) = document.backup_jobs
    assert (job.state, job.hours_late, job.size_bytes) == ("empty", 23.0, 0)
    said = " ".join(texts(document, "en"))
    assert "1 of 2 devices could be put back" in said


def test_last_time_stands_beside_each_score():
    before = whole_report()
    cards = next(b for b in flow(assessed(whole_site(), before), "en").blocks if b.__class__.__name__ == "Scores").cards
    assert [card.name for card in cards] == ["Overall", "Core network", "Security", "Voice"]
    assert all(card.notes[0].startswith("Last time ") and card.notes[1] == "Change ±0.0" for card in cards)


def test_the_plan_goes_by_maintenance_window_and_names_every_action(whole):
    blocks = flow(whole, "en").blocks
    start = next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == "plan")
    plan = blocks[start : next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == "core")]
    assert [b.anchor for b in plan if isinstance(b, Heading)][1:] == [
        "window-live",
        "window-interruption",
        "window-restart",
        "window-on-site",
    ]
    numbers = sorted(int(row[0].text) for b in plan if isinstance(b, Rows) for row in b.rows)
    assert numbers == list(range(1, len(whole.actions) + 1))


def test_charts_are_drawn_from_the_numbers_that_stand_beside_them(whole):
    blocks = flow(whole, "en").blocks
    charts = [n for n, b in enumerate(blocks) if isinstance(b, Bars)]
    assert charts
    for n in charts:
        bars, table = blocks[n], blocks[n + 1]
        assert isinstance(table, Rows)
        assert len(bars.items) == len(table.rows)
        assert all(bar.name.startswith(row[0].text) for bar, row in zip(bars.items, table.rows, strict=True))
        assert all(0 <= bar.share <= 100 for bar in bars.items)


def test_colour_is_never_the_only_signal(whole):
    """Every coloured mark has a shape of its own and its word beside it."""
    assert len(set(SHAPES.values())) == len(SHAPES)
    cells = [c for b in flow(whole, "sv").blocks if isinstance(b, Rows) for row in b.rows for c in row if isinstance(c, Cell) and c.mark]
    assert cells
    assert all(c.text.strip() and c.mark in SHAPES for c in cells)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_and_html_have_the_same_bytes_twice(whole, language):
    assert pdf(whole, language) == pdf(whole, language)
    assert html(whole, language) == html(whole, language)


@pytest.mark.parametrize(("language", "title"), [("sv", "Bedömnings- och åtgärdsrapport"), ("en", "Assessment and remediation report")])
def test_the_pdf_is_tagged_with_title_language_bookmarks_and_its_own_fonts(whole, tmp_path, poppler, language, title):
    content = pdf(whole, language)
    told_ = tell(tmp_path, "pdfinfo", content)
    assert re.search(r"Tagged:\s+yes", told_)
    assert title in told_
    assert "A4" in told_
    fonts = tell(tmp_path, "pdffonts", content).splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes (yes|no)\s+(yes|no)\s+\d+\s+\d+$", line) for line in fonts), fonts
    assert b"/Outlines" in content
    assert b"/Lang" in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contents_name_every_part(whole, tmp_path, poppler, language):
    said = words_of(whole, tmp_path, language, "-f", "2", "-l", "2")
    assert all(part in said for part in PARTS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_short_fits_one_page_even_with_a_time_before(tmp_path, poppler, language):
    document = assessed(whole_site(), whole_report())
    said = words_of(document, tmp_path, language, "-f", "3", "-l", "3")
    assert PARTS[language][0] in said
    last = {"sv": "ingen budget för 24 månader", "en": "no budget for 24 months"}[language]
    assert last in " ".join(said.split())


def test_commands_can_be_copied_out_of_the_pdf_as_they_are(tmp_path, poppler):
    lines = ("interface Gi1/0/48", " switchport trunk allowed vlan 10,20,30,40,50,60,70,80,90,100,110,120,130,140", " duplex auto")
    said = words_of(told(evidence(device()), [finding("core.link.duplex", device(), remediation=lines)]), tmp_path, "sv", "-layout")
    for line in lines:
        assert line.strip() in said


@pytest.mark.parametrize("rules", [6, 80])
@pytest.mark.parametrize("language", LANGUAGES)
def test_105_devices_and_600_findings_stay_under_60_pages(tmp_path, poppler, language, rules):
    document = big_site(rules=rules)
    assert (len(document.inventory), len(document.findings), len({f.rule for f in document.findings})) == (105, 600, rules)
    pages = int(re.search(r"Pages:\s+(\d+)", tell(tmp_path, "pdfinfo", pdf(document, language)))[1])
    assert pages < 60


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_text_from_devices_is_data_in_the_pdf(text, tmp_path, poppler):
    said = words_of(nasty_site(text), tmp_path)
    assert "root:" not in said, "a file was read"
    assert "54439" not in said, "an expression was evaluated"
    if text.isascii() and text.isprintable() and len(text) < 100:
        squeezed = re.sub(r"[\s\u200b]", "", said)
        assert re.sub(r"\s", "", text) in squeezed


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_text_from_devices_is_data_in_the_html(text):
    page = Outline(html(nasty_site(text), "sv"))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    if "\x00" not in text and "\r" not in text:
        assert text in "".join(page.texts)


@given(st.text(max_size=80))
@settings(max_examples=12)
def test_no_text_breaks_the_page(text):
    document = nasty_site(text)
    assert pdf(document, "en").startswith(b"%PDF-")
    page = Outline(html(document, "en"))
    assert "script" not in page.tags


def test_the_html_needs_nothing_from_outside_and_runs_nothing(whole):
    page = Outline(html(whole, "sv"))
    assert {"script", "link", "iframe", "object", "form"} & set(page.tags) == set()
    assert [v for n, v in page.attributes if n in ("src", "href") and not v.startswith(("#", "data:image/"))] == []
    assert ("lang", "sv") in page.attributes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_in_the_html_has_its_place(whole, language):
    page = Outline(html(whole, language))
    places = [v for n, v in page.attributes if n == "id"]
    assert len(places) == len(set(places))
    assert {v[1:] for n, v in page.attributes if n == "href"} <= set(places)


def test_the_marks_of_partner_and_customer_stand_on_the_cover(tmp_path, poppler):
    marks = {"partner": checked(png(120, 40), "p"), "customer": checked(png(60, 60), "c")}
    document = assessed(evidence(device()), marks=marks)
    page = Outline(html(document, "sv"))
    assert page.tags.count("img") == 2
    assert [v for n, v in page.attributes if n == "alt"] == ["Märke för Norrsken Nät AB", "Märke för Björkå Möbler AB"]
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf(document, "sv"))
    images = subprocess.run(["pdfimages", "-list", file], capture_output=True, check=True).stdout.decode()
    assert "120" in images
    assert len(images.splitlines()) == 4


def test_the_cover_says_which_cycle_it_is_planned_and_actual():
    document = assessed(evidence(device()), schedule="quarterly", planned_cycle=3, planned_ns=AS_OF_NS - DAY_NS)
    rows = dict(flow(document, "en").cover.rows)
    assert rows["Cycle"] == "1 (3 of 4, quarterly)"
    assert rows["Planned"] == "17 Nov 2026 12:06"
    assert rows["Carried out"] == "18 Nov 2026 12:06 (Europe/Stockholm)"
    assert dict(flow(assessed(evidence(device())), "en").cover.rows)["Planned"] == "on demand"


def test_since_last_time_tells_what_became_of_each_finding():
    before = whole_report()
    after = assessed(evidence(*whole_site().devices[2:]), before)
    blocks = flow(after, "en").blocks
    place = next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == "since")
    assert before.id in blocks[place + 1].text
    assert flow(before, "en").blocks[place].fresh is False


def test_in_short_stays_one_page_with_names_of_400_characters(tmp_path, poppler):
    switches = [device("x" * 398 + f"{n:02}") for n in range(6)]
    said = words_of(told(evidence(*switches), [finding("core.link.duplex", d) for d in switches]), tmp_path, "en", "-f", "3", "-l", "3")
    assert "no budget for 24 months" in " ".join(said.split())


@pytest.mark.parametrize("text", ["مفتاح", "abc\u202egnp.exe", "\u2067x"])
def test_text_from_right_to_left_does_not_turn_the_line_around(text):
    found = finding("core.link.duplex", device(), object="Gi1", evidence=(Fact("Gi1 ifAlias", text, None, AS_OF_NS),))
    cells = [c.text for b in flow(told(evidence(device()), [found]), "en").blocks if isinstance(b, Rows) for row in b.rows for c in row]
    assert f"ifAlias: \u2068{text}\u2069" in cells


def test_long_lists_name_some_and_count_the_rest():
    assert listed(["a", "b", "c"], 2) == "a, b (+1)"
    assert listed(["a", "b"], 2) == "a, b"
    assert clipped("x" * 60) == "x" * 47 + "…"
    assert clipped("x" * 48) == "x" * 48
