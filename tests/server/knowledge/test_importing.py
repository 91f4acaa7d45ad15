"""Which format a file is, and what is refused: cut off, nested, packed to burst, in another encoding, hostile."""

import gzip
import io
import json
import tarfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.knowledge import importing, streams
from natvakt_server.knowledge.facts import Vulnerability
from natvakt_server.knowledge.formats.reading import FileRefused
from natvakt_server.knowledge.importing import open_source
from testkit.knowledge import (
    archive,
    as_bytes,
    csaf,
    cve_record,
    eox,
    eox_page,
    facts,
    kev,
    nvd_record,
    opened,
    openvuln,
    vulnerability,
    zipped,
)

ONE, TWO = "CVE-2024-10001", "CVE-2024-10002"
DOCUMENTS: dict[str, Any] = {
    "csaf-2.0": csaf(vulnerabilities=[vulnerability(ONE)]),
    "cve-5": cve_record(),
    "nvd-2.0": nvd_record(),
    "openvuln": {"advisories": [openvuln()]},
    "kev": kev(ONE),
    "eox-api": eox_page(eox()),
    "epss": "cve,epss\nCVE-2024-10001,0.5\n",
    "lifecycle-csv": "pid,end_of_sale\nWS-1,2022-10-31\n",
}


@pytest.mark.parametrize("form", DOCUMENTS)
def test_the_format_is_told_from_the_content(form: str) -> None:
    assert opened(DOCUMENTS[form])[0] == form


@pytest.mark.parametrize("form", DOCUMENTS)
def test_a_compressed_file_is_read_as_the_plain_one_is(form: str) -> None:
    assert facts(zipped(DOCUMENTS[form])) == facts(DOCUMENTS[form])


@pytest.mark.parametrize("form", DOCUMENTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_content(form: str, encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert facts(mark + as_bytes(DOCUMENTS[form]).decode().encode(encoding)) == facts(DOCUMENTS[form])


def test_an_array_of_records_is_read_one_by_one() -> None:
    broken = cve_record(TWO)
    del broken["cveMetadata"]
    form, items = opened([cve_record(ONE), broken, cve_record("CVE-2024-10003")])
    assert (form, [item.fact is not None for item in items]) == ("cve-5", [True, False, True])
    assert items[1].refusal.startswith("[1]: ")
    assert "cveMetadata" in items[1].refusal


def test_an_archive_is_read_member_by_member() -> None:
    latin = b'{"cveMetadata": {"cveId": "St\xf6r"}}'
    wrong: dict[str, Any] = {"a/cut.json": b"{", "a/latin.json": latin}
    packed = archive({"a/1.json": cve_record(ONE), "README.md": b"no", **wrong, "a/2.json": cve_record(TWO)})
    form, items = opened(packed)
    assert form == "cve-5"
    assert [item.fact.cve for item in items if isinstance(item.fact, Vulnerability)] == [ONE, TWO]
    assert [item.refusal.partition(":")[0] for item in items if item.fact is None] == ["cut.json", "latin.json"]


def test_a_member_beyond_the_limit_is_refused_and_the_others_are_read() -> None:
    large = as_bytes(cve_record(ONE)) + b" " * streams.MOST_MEMBER_BYTES
    _, items = opened(archive({"large.json": large, "CVE-2.json": cve_record(TWO)}))
    assert [item.refusal for item in items if item.fact is None] == ["large.json: larger than 8 MiB; no CVE record is"]
    assert len(items) == 2


def test_links_devices_and_paths_out_of_an_archive_are_nothing() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for name, kind in (("../../etc/passwd.json", tarfile.SYMTYPE), ("null.json", tarfile.CHRTYPE), ("folder.json", tarfile.DIRTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            packed.addfile(member)
        body = as_bytes(cve_record(ONE))
        member = tarfile.TarInfo("../../../tmp/CVE.json")
        member.size = len(body)
        packed.addfile(member, io.BytesIO(body))
    assert [fact.cve for fact in facts(out.getvalue()) if isinstance(fact, Vulnerability)] == [ONE]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"  \n ", "the file is empty"),
        (b"\xff\xfe{", "neither UTF-8 nor whole UTF-16"),
        (json.dumps({"document": "Stör"}, ensure_ascii=False).encode("latin-1"), "byte 16: 0xf6 is not UTF-8; save the file as UTF-8"),
        (b"pid,end_of_sale\nWS-\xe5,2022-10-31\n", "byte 19: 0xe5 is not UTF-8"),
        (b'{"document": ', "not JSON"),
        (b"[" * 100_000, "not JSON|nested too deep"),
        (b'{"document": ' * 20_000, "not JSON|nested too deep"),
        (b"[]", "an array of nothing"),
        (b"[1]", "Expected `object`"),
        (b'{"hello": 1}', "JSON with the keys hello is of no format that is read"),
        (b'[{"hello": 1}]', "an array of records with the keys hello"),
        (b"<html></html>", "root element 'html' is no CVRF document"),
        (b"<cvrfdoc/>", "root element 'cvrfdoc' is no CVRF document"),
        (b'<!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>', "XML with a document type declaration is refused"),
        (b"<a><b></a>", "line 1, column 8: not well-formed XML"),
        (b"<a>" * 100, "XML deeper than 64"),
        (b"\x1f\x8b\x08\x00garbage", "not readable gzip"),
        (b'{"errorCode": "INVALID", "errorMessage": "Try later"}', "an error of the API and no answer: INVALID: Try later"),
        (b"\x00\x01\x02", "is the header of no table"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_reason_and_way_out(data: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        opened(data)


def test_a_single_record_that_is_wrong_refuses_its_file() -> None:
    for document in (cve_record("CVE-1"), {**csaf(), "document": {"title": "x"}}, nvd_record("CVE-1"), openvuln(cves=("CVE-1",))):
        with pytest.raises(FileRefused, match=r"CVE-1|tracking"):
            opened(document)


def test_a_cut_off_archive_is_refused_whole_whatever_was_read_before() -> None:
    whole = archive({f"CVE-{number}.json": cve_record(f"CVE-2024-{20_000 + number}", title="t" * 3_000) for number in range(60)})
    found = open_source(io.BytesIO(whole[: len(whole) * 2 // 3]))
    with pytest.raises(FileRefused, match=r"the archive breaks off: .*; fetch it again"):
        list(found.items)


def test_what_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_FILE_BYTES", 1024 * 1024)
    with pytest.raises(FileRefused, match="unpacks to more than 1 MiB"):
        opened(gzip.compress(b" " * (20 * 1024 * 1024)))
    with pytest.raises(FileRefused, match="larger than 1 MiB; split it"):
        opened(b" " * (1024 * 1024 + 3))


def test_a_cut_off_compressed_table_is_refused_whole() -> None:
    whole = zipped("cve,epss\n" + "".join(f"CVE-2024-{number},0.5\n" for number in range(10_000, 30_000)))
    with pytest.raises(FileRefused, match=r"not readable gzip: .*; fetch the file again"):
        opened(whole[: len(whole) // 2])


def test_an_archive_of_too_many_bytes_or_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    members = {f"{number}.txt": b" " * 1000 for number in range(20)}
    monkeypatch.setattr(importing, "MOST_ARCHIVE_BYTES", 10_000)
    with pytest.raises(FileRefused, match="no source publishes that"):
        opened(archive(members))
    monkeypatch.setattr(importing, "MOST_ARCHIVE_BYTES", 10_000_000)
    monkeypatch.setattr(importing, "MOST_MEMBERS", 5)
    with pytest.raises(FileRefused, match="an archive of more than 5 files"):
        opened(archive(members))


@pytest.mark.parametrize("name", ["", " " * 8, "WS\x00-1", "WS-1\nWS-2", "W" * 129, "\u202egpj.exe"])
def test_a_name_that_can_be_no_key_is_refused(name: str) -> None:
    _, items = opened(eox_page(eox(pid=name)))
    assert [item.fact for item in items] == [None]


def test_hostile_texts_are_shortened_and_kept_as_texts() -> None:
    (fact,) = facts(cve_record(title="<script>alert(1)</script> " + "x" * 5_000))
    assert isinstance(fact, Vulnerability)
    assert fact.title.startswith("<script>")
    assert len(fact.title) == 400


def test_the_day_of_the_content_is_told_where_it_says() -> None:
    assert open_source(io.BytesIO(as_bytes(kev(ONE)))).as_of == "2024-06-01"
    epss = b"#model_version:v4,score_date:2026-11-01T12:55:00Z\ncve,epss,percentile\n"
    assert open_source(io.BytesIO(epss)).as_of == "2026-11-01"
    assert open_source(io.BytesIO(as_bytes(cve_record()))).as_of == ""


@settings(max_examples=60)
@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_a_document_that_is_bent_anywhere_is_read_or_refused(form: str, data: st.DataObject) -> None:
    text = as_bytes(DOCUMENTS[form])
    at = data.draw(st.integers(0, len(text) - 1))
    bent = data.draw(
        st.sampled_from([text[:at], text[:at] + b"\x00" + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + b'"' + text[at:]])
    )
    try:
        found = list(open_source(io.BytesIO(bent)).items)
    except FileRefused:
        return
    assert all(item.fact is not None or item.refusal for item in found)
