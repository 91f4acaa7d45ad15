"""What axe-core says of every page, in both languages: nothing that keeps somebody from using it (WCAG 2.2, A and AA)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from testkit.chromium import Chromium

from .conftest import Place
from .test_pages import PAGES, address_of

pytestmark = pytest.mark.service("chromium")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RUN = """
axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }).then(
  (found) => found.violations.filter((each) => ["serious", "critical"].includes(each.impact)).map(
    (each) => each.id + ": " + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")))
"""


def violations(browser: Chromium, address: str) -> Sequence[str]:
    browser.open(address)
    browser.evaluate(AXE)
    found: Sequence[str] = browser.evaluate(RUN)
    return found


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("sv", 360)])
def test_nothing_serious_stands_in_anybodys_way(browser: Chromium, place: Place, page: str, language: str, width: int) -> None:
    owner = place.house.accounts.user(place.house.owner.id)
    assert owner is not None
    place.house.accounts.put_user(replace(owner, language=language))
    browser.window(width, 900)
    assert violations(browser, address_of(place, page)) == []
    assert browser.evaluate("document.documentElement.lang") == language


def test_the_check_finds_what_is_planted(browser: Chromium, place: Place) -> None:
    browser.open(place.address + "/customers")
    browser.evaluate("document.querySelector('main').append(document.createElement('input'))")
    browser.evaluate(AXE)
    assert [found for found in browser.evaluate(RUN) if found.startswith("label:")]
