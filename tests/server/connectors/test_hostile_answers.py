"""Whatever a source answers, it is read, or refused with a reason that can be shown; nothing else comes of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.knowledge.asking.messages import Answer
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.asking.source import MOST_PAGES, AnswerRefused, Asking, page_number
from natvakt_server.knowledge.asking.sources import MAKERS
from natvakt_server.knowledge.asking.verdict import LONGEST_RETRY_AFTER_SECONDS, judge
from natvakt_server.knowledge.formats.reading import FileRefused
from testkit.knowledge import eox, kev, nvd_record, opened
from testkit.knowledge_sources import advisory, fault, suggested

SUBJECTS = {
    "cisco-openvuln": ["ios-xe 17.3.4a"],
    "cisco-eox": ["C9300-24T"],
    "cisco-suggestion": ["C9300-24T"],
    "nvd": ["cpe:2.3:o:cisco:ios"],
}
WHOLE = {
    "cisco-openvuln": {"advisories": [advisory("cisco-sa-one", "CVE-2024-10001", "17.3.4a", "17.3.8a")], "paging": {"next": "NA"}},
    "cisco-eox": {"PaginationResponseRecord": {"LastIndex": 2}, "EOXRecord": [eox("C9300-24T")]},
    "cisco-suggestion": {"paginationResponseRecord": {"lastIndex": 1}, "productList": [suggested("C9300-24T", "17.9.5")]},
    "cisa-kev": kev("CVE-2024-10001"),
    "nvd": {"startIndex": 0, "totalResults": 1, "vulnerabilities": [{"cve": nvd_record()}]},
    "first-epss": {"status": "OK", "data": [{"cve": "CVE-2024-10001", "epss": "0.5", "percentile": "0.9", "date": "2026-11-24"}]},
}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value, at=()):
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*at, key))


def changed(value, at, to):
    if not at:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = changed(value[at[0]], at[1:], to)
    return copy


def read_whole(name, body):
    """As a run reads it: the source first, then the reading that files go through."""
    asking = Asking(SUBJECTS.get(name, ["feed"]), None, "2026-11-25T10:00:00")
    try:
        page = MAKERS[name]().read(asking, "", body)
        if page.document:
            opened(page.document)
    except (AnswerRefused, FileRefused) as refusal:
        reason = str(refusal)
    else:
        return
    assert reason
    assert "\n" not in reason


@pytest.mark.parametrize("name", SERVICES)
@given(data=st.data())
def test_an_answer_changed_in_any_place_is_read_or_refused(name, data):
    whole = WHOLE[name]
    at = data.draw(st.sampled_from(sorted(places(whole), key=repr)))
    read_whole(name, json.dumps(changed(whole, at, data.draw(values))).encode())


@pytest.mark.parametrize("name", SERVICES)
@given(body=st.binary(max_size=60))
def test_octets_of_any_kind_are_refused(name, body):
    read_whole(name, body)


@pytest.mark.parametrize("name", SERVICES)
def test_nesting_without_end_is_refused(name):
    read_whole(name, b'{"a":' * 20_000)
    read_whole(name, json.dumps({**WHOLE[name], "more": 0}).encode().replace(b'"more": 0', b'"more": ' + b"[" * 20_000))


headers = st.dictionaries(
    st.sampled_from(["retry-after", "message", "x-mashery-error-code", "x-error-detail-header"]), st.text(max_size=30)
)


@given(
    st.sampled_from(list(SERVICES.values())),
    st.integers(100, 599),
    headers,
    st.binary(max_size=60) | values.map(lambda v: json.dumps(v).encode()),
)
def test_every_answer_has_a_meaning_and_words_that_can_be_shown(service, status, told, body):
    verdict = judge(service, Answer(status, told, body), 3, 0.5, 1_800_000_000.0)
    assert verdict.reason.isprintable()
    assert verdict.reason.isascii()
    assert 0 <= verdict.seconds <= LONGEST_RETRY_AFTER_SECONDS


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("Tue, 24 Nov 2026 12:00:30 GMT", 30), ("yesterday", 8), ("-5", 8), ("999999999999", 86_400), ("1e9", 8), ("", 8)],
)
def test_patience_is_read_as_seconds_or_as_a_date(told, seconds):
    now = 1_795_521_600.0  # 2026-11-24 12:00:00 UTC
    assert judge(SERVICES["cisa-kev"], Answer(429, {"retry-after": told}), 2, 1.0, now).seconds == seconds


def test_pages_end():
    assert page_number(str(MOST_PAGES)) == MOST_PAGES
    with pytest.raises(AnswerRefused):
        page_number(str(MOST_PAGES + 1))


def test_words_of_a_source_cannot_write_on_a_terminal(centre):
    centre.pids = ["C9300-24T"]
    centre.sources.eox_errors = {"C9300-24T": ("E1", "\x1b[2J\nlevel=INFO all is well")}
    report = centre.fetch("cisco-eox")
    assert report.unanswered == {"C9300-24T": "E1:  [2J level=INFO all is well"}


def test_a_strange_validator_is_not_sent_back(centre):
    centre.sources.kev_tag = "\x00" * 3
    centre.sources.faults = [fault(200, centre.sources.kev, etag='"\xff"', last_modified="x" * 500)]
    assert centre.fetch("cisa-kev").complete
    centre.days_later(1)
    assert centre.fetch("cisa-kev").complete
    assert not {"If-None-Match", "If-Modified-Since"} & set(centre.sources.requests[-1].headers)
