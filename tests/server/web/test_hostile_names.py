"""Promise 39: whatever a device calls itself is shown as text, exported as text, and leads nowhere."""

import csv
import io
from urllib.parse import quote

import pytest
from testkit.console import Browser, ConsoleHouse

SCRIPT = "<script>alert(1)</script>"
NAMES = (
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "{{ 7*7 }}",
    "{% raw %}",
    "line\nFAKE LOG event=audit",
    "a'; DROP TABLE device; --",
    "\u202egnp.exe",
)


@pytest.mark.parametrize("name", NAMES)
def test_promise_39_a_hostile_name_is_text_on_every_page(house: ConsoleHouse, owner: Browser, name: str) -> None:
    device_id = house.add_switch(name, sysName=name, sysLocation=name, sysContact=name, model=name, version=name)
    house.add_assessment(device_id, name, remediation=(name,), object=name)
    assessment_id = house.assessments.history("acme")[0].id
    base = "/customers/acme"
    pages = (
        "/",
        "/?wall=1",
        f"{base}/devices",
        f"{base}/sites/hq",
        f"{base}/devices/{device_id}",
        f"{base}/devices/{device_id}/charts/traffic",
        f"{base}/assessments/{assessment_id}",
        f"/search?q={quote(name)}",
    )
    for path in pages:
        answer = owner.get(path)
        assert answer.status_code == 200, path
        assert SCRIPT not in answer.text, path
        assert "<img src=x" not in answer.text, path
        assert "49" not in answer.text or "{{ 7*7 }}" not in name or "{{ 7*7 }}" in answer.text, path


@pytest.mark.parametrize("name", NAMES)
def test_promise_39_a_hostile_name_is_text_in_every_export(house: ConsoleHouse, owner: Browser, name: str) -> None:
    device_id = house.add_switch(name)
    house.add_assessment(device_id, name)
    for path in (
        "/customers/acme/devices?csv=devices",
        f"/customers/acme/assessments/{house.assessments.history('acme')[0].id}?csv=findings",
    ):
        rows = list(csv.reader(io.StringIO(owner.get(path).data.decode("utf-8-sig"), newline="")))
        assert len(rows) == 2, path
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row), path


def test_promise_39_a_hostile_port_name_is_text(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.tell("acme-hq-hq-acc1", {"interface": [{"ifIndex": 1, "ifName": SCRIPT, "ifAlias": SCRIPT}]}, age_seconds=10)
    for path in ("", "/charts/traffic", "/charts/traffic.json"):
        answer = owner.get(f"/customers/acme/devices/{device_id}{path}")
        assert answer.status_code == 200
        if answer.mimetype == "text/html":
            assert SCRIPT not in answer.text


@pytest.mark.parametrize("query", ["%", "_", "\\", "' OR 1=1 --", "%%%", "\x00", "x" * 5000])
def test_promise_53_a_search_is_text_and_its_wildcards_match_themselves(house: ConsoleHouse, owner: Browser, query: str) -> None:
    house.add_switch("hq-acc1")
    answer = owner.get(f"/search?q={quote(query)}")
    assert answer.status_code == 200
    assert "hq-acc1" not in answer.text


@pytest.mark.parametrize("name", ["range", "interface"])
@pytest.mark.parametrize("value", ['24h") |> drop()', "1 OR 1=1", "../..", "-1", "9" * 40])
def test_promise_53_a_charts_arguments_are_checked_before_any_store_hears_of_them(
    house: ConsoleHouse, owner: Browser, name: str, value: str
) -> None:
    device_id = house.add_switch()
    assert owner.get(f"/customers/acme/devices/{device_id}/charts/traffic.json?{name}={quote(value)}").status_code == 200
    assert all(value not in str(query) for query in house.series.asked)
