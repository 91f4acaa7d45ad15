"""What people do, in a real browser: the first login, charts, filters, search, progress."""

import re
from dataclasses import replace

import pyotp
import pytest
from testkit.chromium import Chromium
from testkit.console import ConsoleHouse

from .conftest import Place

pytestmark = pytest.mark.service("chromium")
STEP_NS = 30_000_000_000
NEW = "fyra gröna elefanter"

DRAWN = """
new Promise((done) => {
  const look = () => {
    const figures = [...document.querySelectorAll('[data-chart]')];
    figures.forEach((figure) => figure.scrollIntoView());
    const states = figures.map((figure) => figure.dataset.drawn);
    if (states.every(Boolean)) { done(states); } else { requestAnimationFrame(look); }
  };
  look();
})
"""

TYPED = """
(() => {
  const field = document.querySelector('#table-devices-q');
  field.value = 'hq-acc';
  field.dispatchEvent(new Event('input', { bubbles: true }));
})()
"""


def await_text(browser: Chromium, selector: str, text: str) -> str:
    """The element's text once it holds what is waited for."""
    script = f"""
    new Promise((done) => {{
      const look = () => {{
        const e = document.querySelector({selector!r});
        if (e && e.textContent.includes({text!r})) {{ done(e.textContent); }} else {{ requestAnimationFrame(look); }}
      }};
      look();
    }})
    """
    return str(browser.evaluate(script))


def code_now(house: ConsoleHouse, secret: str) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).generate_otp(house.clock.now_ns // STEP_NS)


def test_from_the_one_time_link_to_the_overview(chromium: Chromium, place: Place) -> None:
    chromium.window(360, 800)
    nina = place.house.add_user("nina", "engineer", password_hash=None, totp_sealed=None)
    chromium.open(place.address + place.house.link(nina))
    for name in ("password", "again"):
        chromium.fill(f"#field-{name}", NEW)
    chromium.submit("button.primary")
    assert chromium.evaluate("document.querySelector('.qr').getBoundingClientRect().width") > 150
    secret = chromium.evaluate("document.querySelector('.seed').textContent")
    chromium.fill("#field-code", code_now(place.house, secret))
    chromium.submit("button.primary")
    assert chromium.evaluate("location.pathname") == "/"
    assert "Acme AB" in chromium.evaluate("document.querySelector('main').textContent")
    assert chromium.complaints() == []
    chromium.send("Network.clearBrowserCookies")


def test_charts_are_drawn_with_their_legend(browser: Chromium, place: Place) -> None:
    browser.open(f"{place.address}/customers/acme/devices/{place.device_id}")
    states = browser.evaluate(DRAWN)
    assert states
    assert set(states) == {"yes"}
    assert "Gi1/0/12 in" in browser.evaluate("document.querySelector('.u-legend').textContent")
    ink = """
    (() => {
      const canvas = document.querySelector('.plot canvas');
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      return data.filter((value, place) => place % 4 === 3 && value > 0).length;
    })()
    """
    assert browser.evaluate(ink) > 1000
    assert browser.complaints() == []


def test_a_charts_fold_holds_the_same_as_a_table(browser: Chromium, place: Place) -> None:
    browser.open(f"{place.address}/customers/acme/devices/{place.device_id}")
    browser.evaluate(DRAWN)
    browser.evaluate("document.querySelector('.chart details').open = true")
    await_text(browser, ".chart details table", "kbit/s")
    assert browser.evaluate("document.querySelectorAll('.chart details tbody tr').length") == 24


def test_a_range_is_chosen_in_the_address_and_shared_by_all_charts(browser: Chromium, place: Place) -> None:
    browser.open(f"{place.address}/customers/acme/devices/{place.device_id}")
    browser.submit(".ranges a:nth-child(3)")
    assert "range=7d" in browser.evaluate("location.search")
    assert browser.evaluate("[...document.querySelectorAll('[data-chart]')].every((f) => f.dataset.chart.includes('range=7d'))")


def test_filtering_changes_the_table_and_the_address_without_a_new_page(browser: Chromium, place: Place) -> None:
    browser.open(f"{place.address}/customers/acme/devices")
    browser.evaluate("window.same = true")
    browser.evaluate(TYPED)
    await_text(browser, "#table-devices .count", "1")
    assert re.search("devices-q=hq-acc", await_text(browser, "#table-devices", "hq-acc1") and browser.evaluate("location.search"))
    assert browser.evaluate("window.same") is True


def test_the_slash_key_searches_and_shows_what_it_finds(browser: Chromium, place: Place) -> None:
    browser.open(place.address + "/customers")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="/", code="Slash", text="/" if kind == "keyDown" else "")
    assert browser.evaluate("document.activeElement.id") == "find"
    browser.send("Input.insertText", text="hq-acc")
    assert "hq-acc1" in await_text(browser, "#found", "hq-acc1")


def test_an_assessment_is_asked_for_and_its_progress_followed(browser: Chromium, place: Place) -> None:
    browser.open(f"{place.address}/customers/acme/assessments")
    browser.submit("form.inline button")
    assert "/jobs/" in browser.evaluate("location.pathname")
    job = place.house.jobs.jobs("acme")[0]
    place.house.jobs.update_job(replace(job, state="done", progress=1.0, result=place.assessment_id))
    await_text(browser, ".job", "Open the assessment")


def test_a_link_to_a_finding_unfolds_it(browser: Chromium, place: Place) -> None:
    browser.open(f"{place.address}/customers/acme/assessments/{place.assessment_id}")
    browser.evaluate("document.querySelector('#table-findings td a[href^=\"#finding\"]').click()")
    assert browser.evaluate("document.querySelector('details.finding').open")


def test_the_browser_tells_its_zone_once_and_times_follow_it(browser: Chromium, place: Place) -> None:
    browser.send("Emulation.setTimezoneOverride", timezoneId="America/New_York")
    browser.open(place.address + "/customers")
    browser.open(place.address + "/customers")
    shown, stamp = browser.evaluate("(() => { const t = document.querySelector('.as-of time'); return [t.textContent, t.dateTime]; })()")
    assert int(stamp[11:13]) - int(shown[11:13]) in (4, 5)
    browser.send("Emulation.setTimezoneOverride", timezoneId="")


def test_somebody_takes_an_alert_over_and_gives_it_back(browser: Chromium, place: Place) -> None:
    browser.open(f"{place.address}/customers/acme/alerts/core-1")
    assert "Erik Lund" in await_text(browser, ".strip", "Erik Lund")
    browser.submit("form[action$=owner] button.primary")
    assert "Olga" in await_text(browser, ".strip", "Olga")
    browser.submit(".beside form button")
    assert "nobody" in await_text(browser, ".strip", "nobody")


MAP_DRAWN = """
new Promise((done) => {
  const look = () => {
    const map = document.querySelector('[data-map]');
    if (map.dataset.drawn) { done(Number(map.dataset.drawn)); } else { requestAnimationFrame(look); }
  };
  look();
})
"""


def test_a_map_is_drawn_and_nothing_of_it_is_refused(browser: Chromium, place: Place) -> None:
    browser.open(place.address + "/customers/acme/sites/hq")
    browser.submit("a[href$='/map']")
    assert browser.evaluate(MAP_DRAWN) >= 2
    assert browser.evaluate("document.querySelectorAll('[data-map] canvas').length") > 0
    assert browser.complaints() == []
