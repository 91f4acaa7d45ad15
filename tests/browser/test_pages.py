"""Every page in a real browser: nothing refused by its own policy, nothing asked of another host, nothing wider than the window,
text that can be read in light and dark, and everything named for those who listen."""

from pathlib import Path

import pytest
from testkit.chromium import Chromium

from .conftest import HOSTILE, Place

pytestmark = pytest.mark.service("chromium")
PAGES = (
    "/",
    "/?wall=1",
    "/customers",
    "/customers/acme",
    "/customers/acme/devices",
    "/customers/acme/assessments",
    "/customers/acme/sites/hq",
    "/customers/acme/performance",
    "/customers/acme/sites/hq/map",
    "/customers/acme/devices/{device}",
    "/customers/acme/devices/{device}/configurations",
    "/customers/acme/devices/{device}/configurations/{version}",
    "/customers/acme/devices/{device}/configurations/{version}/difference",
    "/customers/acme/devices/{device}/configurations/{version}/difference?view=unified",
    "/customers/acme/assessments/{assessment}",
    "/alerts",
    "/alerts/history",
    "/alerts/maintenance",
    "/customers/acme/alerts/core-1",
    "/customers/acme/maintenance",
    "/assessments",
    "/agents",
    "/agents/agent-1",
    "/notifications",
    "/notifications/destinations/new?channel=sms",
    "/notifications/chains/new",
    "/notifications/on-call/new",
    "/administration/users",
    "/administration/users/{user}",
    "/administration/tokens",
    "/administration/audit",
    "/administration/partner",
    "/account",
    "/search?q=hq",
    "/no/such/page",
)

SCRIPTS = Path(__file__).parent / "scripts"
CONTRAST, UNNAMED, SMALL_TARGETS = ((SCRIPTS / name).read_text("utf-8") for name in ("low_contrast.js", "unnamed.js", "small_targets.js"))
OVERFLOWING = (
    "[...document.querySelectorAll('.tile,.panel,.chart,.card-page')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.className)"
)
FOCUSED = "[document.activeElement.className || document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]"


def address_of(place: Place, page: str) -> str:
    return place.address + page.format(
        user=place.house.engineer.id, device=place.device_id, assessment=place.assessment_id, version=place.version_id
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("width", "dark"), [(360, False), (360, True), (1920, False), (1920, True)], ids=["360-light", "360-dark", "1920-light", "1920-dark"]
)
def test_a_page_fits_and_can_be_read(browser: Chromium, place: Place, page: str, width: int, dark: bool) -> None:
    browser.window(width, 900, dark)
    browser.open(address_of(place, page))
    assert browser.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert browser.evaluate(OVERFLOWING) == []
    assert browser.evaluate(CONTRAST) == []
    assert browser.evaluate(UNNAMED) == []
    assert browser.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("page", PAGES)
def test_promise_53_a_page_asks_nothing_of_another_host_and_its_policy_refuses_nothing(browser: Chromium, place: Place, page: str) -> None:
    browser.open(address_of(place, page))
    own = (place.address + "/", "data:image/svg+xml;base64,")  # the browser draws the button of a date field from a picture of its own
    assert [address for address in browser.requested() if not address.startswith(own)] == []
    expected = ["404"] if page == "/no/such/page" else []
    assert [text for text in browser.complaints() if not any(code in text for code in expected)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_theme_holds_against_the_devices(browser: Chromium, place: Place, theme: str) -> None:
    browser.window(1280, 900, dark=theme == "light")
    browser.open(place.address + "/account")
    browser.submit(f"main button[name=theme][value={theme}]")
    assert browser.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme
    assert browser.evaluate(CONTRAST.replace("matchMedia('(prefers-color-scheme: dark)').matches", str(theme == "dark").lower())) == []


def test_promise_39_a_hostile_name_is_text_in_a_real_browser(browser: Chromium, place: Place) -> None:
    browser.open(place.address + "/customers/acme/devices")
    assert browser.evaluate(f"[...document.querySelectorAll('td a')].some((a) => a.textContent === {HOSTILE!r})")
    assert browser.evaluate("document.querySelectorAll('main img').length") == 0
    assert browser.evaluate("document.title") != "1"


def test_everything_is_reached_by_keyboard_and_focus_is_seen(browser: Chromium, place: Place) -> None:
    browser.open(place.address + "/customers/acme/devices")
    seen = []
    for _ in range(25):
        for kind in ("rawKeyDown", "keyUp"):
            browser.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        seen.append(browser.evaluate(FOCUSED))
    assert seen[0][0] == "skip"
    assert all(outline != "none" for _, outline in seen)
    assert ["find", "auto"] in seen or ["find", "solid"] in seen


def test_the_checks_find_what_is_planted(browser: Chromium, place: Place) -> None:
    browser.open(place.address + "/customers")
    browser.evaluate("document.querySelector('h1').style.color = 'rgb(200 200 200)'")
    browser.evaluate("document.querySelector('main').append(document.createElement('input'))")
    browser.evaluate(
        "document.querySelector('.find input').style.height = '10px'; document.querySelector('.find input').style.minHeight = '0'"
    )
    assert [found for found in browser.evaluate(CONTRAST) if found.startswith("Customers 1.")]
    assert [found for found in browser.evaluate(UNNAMED) if found.startswith("<input")]
    assert [found for found in browser.evaluate(SMALL_TARGETS) if 'id="find"' in found]
