"""From a file to facts: the format is told from the content, records are read one by one, memory stays bounded.

A file of one record is refused whole when that record is wrong; in a file of many each wrong record is refused by itself.
"""

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO

import msgspec

from natvakt_server.knowledge.facts import Fact, key_of
from natvakt_server.knowledge.formats import csaf, cve_five, cvrf, endoflife, eox, epss_api, kev, nvd, openvuln, suggestion, tables
from natvakt_server.knowledge.formats.reading import FileRefused, RecordRefused, decoded
from natvakt_server.knowledge.streams import MOST_MEMBER_BYTES, Rewound, bounded, inflated

MOST_ARCHIVE_BYTES = 8 * 1024 * 1024 * 1024
MOST_MEMBERS = 1_000_000
LONGEST_KEY = 128
MOST_PADDING_BYTES = 64 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
GZIP = b"\x1f\x8b"
FORMATS = (
    csaf.FORMAT,
    *cvrf.FORMATS.values(),
    openvuln.FORMAT,
    cve_five.FORMAT,
    nvd.FORMAT,
    kev.FORMAT,
    tables.EPSS,
    eox.FORMAT,
    suggestion.FORMAT,
    endoflife.FORMAT,
    tables.LIFECYCLE,
    tables.PRICES,
    tables.BUILDS,
)
WAY_OUT = f"formats that are read: {', '.join(FORMATS)}"


@dataclass(frozen=True, slots=True)
class Item:
    """One record: its fact, or why it was refused."""

    fact: Fact | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """`as_of`: the day the content says it is of, empty where it does not. `items` raises FileRefused where the file breaks later on."""

    format: str
    items: Iterator[Item]
    as_of: str = ""


def open_source(stream: IO[bytes]) -> Opened:
    """Raises FileRefused."""
    head = stream.read(len(GZIP))
    if head == GZIP:
        return _compressed(head, stream)
    return _plain(head + bounded(stream))


def _compressed(head: bytes, stream: IO[bytes]) -> Opened:
    """A .tar.gz of CVE records, or any of the other formats compressed."""
    archive = Rewound(head, stream)
    try:
        unpacked = gzip.GzipFile(fileobj=archive)
        opened = tarfile.open(fileobj=unpacked, mode="r|")  # noqa: SIM115 - it is read on while its items are taken
    except (tarfile.TarError, EOFError, OSError, zlib.error):
        return _plain(inflated(archive.everything()))
    return Opened(cve_five.FORMAT, _members(opened, unpacked))


def _members(archive: tarfile.TarFile, unpacked: gzip.GzipFile) -> Iterator[Item]:
    total = 0
    try:
        for number, member in enumerate(archive):
            total += member.size
            if number >= MOST_MEMBERS or total > MOST_ARCHIVE_BYTES:
                raise FileRefused(
                    f"an archive of more than {MOST_MEMBERS} files or {MOST_ARCHIVE_BYTES // 1024**3} GiB; no source publishes that"
                )
            if not member.isfile() or not member.name.endswith(".json"):
                continue
            if member.size > MOST_MEMBER_BYTES:
                yield Item(None, f"{_shown(member.name)}: larger than {MOST_MEMBER_BYTES // 1024**2} MiB; no CVE record is")
                continue
            file = archive.extractfile(member)
            data = file.read() if file is not None else b""
            yield from _one_by_one([(_shown(member.name), partial(cve_five.read, data))])
        _to_the_end(unpacked)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise FileRefused(f"the archive breaks off: {error}; fetch it again") from error


def _to_the_end(unpacked: gzip.GzipFile) -> None:
    """Only its end tells that a compressed stream is whole. Raises EOFError where it is not."""
    left = MOST_PADDING_BYTES
    while left > 0 and (piece := unpacked.read(min(left, PIECE_BYTES))):
        left -= len(piece)
    if left <= 0:
        raise FileRefused(f"more than {MOST_PADDING_BYTES // 1024**2} MiB behind the end of the archive; no source publishes that")


def _shown(name: str) -> str:
    return name.rpartition("/")[2][:80]


def _plain(data: bytes) -> Opened:
    text_start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = _from_utf16(data)
        text_start = data.lstrip()[:1]
    if text_start == b"<":
        return _xml(data)
    if text_start in (b"{", b"["):
        return _json(_checked(data).removeprefix(b"\xef\xbb\xbf"))
    text = _checked(data).decode("utf-8-sig")
    if text.lstrip().startswith("---"):
        return _eol(endoflife.page(text.lstrip()))
    if not text.strip():
        raise FileRefused(f"the file is empty; {WAY_OUT}")
    form, as_of, rows = tables.open_table(iter(io.StringIO(text, newline="")))
    read = tables.READERS[form]
    return Opened(form, _one_by_one((place, partial(read, place, row)) for place, row in rows), as_of)


def _from_utf16(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode()
    except UnicodeError as error:
        raise FileRefused(f"neither UTF-8 nor whole UTF-16: {error}; save it as UTF-8") from error


def _checked(data: bytes) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise FileRefused(f"byte {error.start}: 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8") from error
    return data


def _xml(data: bytes) -> Opened:
    root = cvrf.load(data)
    return _single(cvrf.format_of(root), lambda: next(cvrf.read(root)))


def _single(form: str, read: Callable[[], Fact]) -> Opened:
    """A file of one record: what is wrong with it is wrong with the file."""
    try:
        return Opened(form, iter([Item(_kept(read()))]))
    except RecordRefused as error:
        raise FileRefused(str(error)) from error


def _kept(fact: Fact) -> Fact:
    """The fact, if what it is about can be a key. Raises RecordRefused."""
    key = key_of(fact)
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise RecordRefused(f"{key[:40]!r} names no product, advisory or vulnerability: 1 to {LONGEST_KEY} printable characters do")
    return fact


def _many(
    form: str, records: Callable[[], Iterable[msgspec.Raw]], read: Callable[[msgspec.Raw, str], Fact], name: str, as_of: str = ""
) -> Opened:
    try:
        found = list(records())
    except RecordRefused as error:
        raise FileRefused(str(error)) from error
    places = ((f"{name}[{number}]", raw) for number, raw in enumerate(found))
    return Opened(form, _one_by_one((place, partial(read, raw, place)) for place, raw in places), as_of)


def _one_by_one(records: Iterable[tuple[str, Callable[[], Fact]]]) -> Iterator[Item]:
    for place, read in records:
        try:
            yield Item(_kept(read()))
        except RecordRefused as error:
            text = str(error)
            yield Item(None, text if text.startswith(place) else f"{place}: {text}")


def _json(data: bytes) -> Opened:
    try:
        if data.lstrip().startswith(b"["):
            return _array(data)
        top = decoded(data, dict[str, msgspec.Raw])
    except RecordRefused as error:
        raise FileRefused(str(error)) from error
    if "errorCode" in top:
        raise FileRefused(f"an error of the API and no answer: {_text(top['errorCode'])}: {_text(top.get('errorMessage'))}; ask it again")
    opener = next((opener for is_of, opener in _JSON_FORMATS if is_of(top)), _suggestions)
    return opener(data, top)


Top = Mapping[str, msgspec.Raw]


def _is_kev(top: Top) -> bool:
    return "catalogVersion" in top or ("vulnerabilities" in top and b'"cveID"' in bytes(top["vulnerabilities"])[:4096])


def _is_bare_nvd(top: Top) -> bool:
    return "id" in top and not {"configurations", "vulnStatus", "metrics"}.isdisjoint(top)


_JSON_FORMATS: Sequence[tuple[Callable[[Top], bool], Callable[[bytes, Top], Opened]]] = (
    (lambda top: "document" in top, lambda data, _: _single(csaf.FORMAT, lambda: next(csaf.read(data)))),
    (
        lambda top: "cveMetadata" in top or "containers" in top,
        lambda data, _: _single(cve_five.FORMAT, lambda: cve_five.read(data)),
    ),
    (_is_kev, lambda data, top: _many(kev.FORMAT, lambda: kev.records(data), kev.read, "vulnerabilities", _kev_day(top))),
    (lambda top: "vulnerabilities" in top, lambda data, _: _many(nvd.FORMAT, lambda: nvd.pages(data), nvd.read, "vulnerabilities")),
    (lambda top: "cve" in top and "id" not in top, lambda _, top: _single(nvd.FORMAT, lambda: nvd.read(top["cve"]))),
    (_is_bare_nvd, lambda data, _: _single(nvd.FORMAT, lambda: nvd.read(data))),
    (
        lambda top: "advisories" in top,
        lambda data, _: _many(openvuln.FORMAT, lambda: openvuln.records(data, is_list=False), openvuln.read, "advisories"),
    ),
    (lambda top: "advisoryId" in top, lambda data, _: _single(openvuln.FORMAT, lambda: openvuln.read(data))),
    (lambda top: "EOXRecord" in top, lambda data, _: _many(eox.FORMAT, lambda: eox.records(data), eox.read, "EOXRecord")),
    (epss_api.is_answer, lambda data, _: _many(tables.EPSS, lambda: epss_api.records(data), epss_api.read, "data", epss_api.as_of(data))),
    (lambda top: "result" in top and "schema_version" in top, lambda data, _: _eol(endoflife.api(data))),
)
"""What tells a format, in the order in which it is looked for; anything else may be an answer of the Software Suggestion API."""


def _text(raw: msgspec.Raw | None) -> str:
    return bytes(raw).decode(errors="replace").strip('"')[:160] if raw is not None else "no reason given"


def _kev_day(top: Top) -> str:
    released = bytes(top.get("dateReleased", msgspec.Raw(b'""'))).decode().strip('"')
    return released[:10] if len(released) >= 10 else ""


def _suggestions(data: bytes, top: Top) -> Opened:
    opened = _many(suggestion.FORMAT, lambda: suggestion.records(data), suggestion.read, "productList")
    if "productList" not in top and b'"suggestions"' not in data:
        raise FileRefused(f"JSON with the keys {', '.join(sorted(top))[:120]} is of no format that is read; {WAY_OUT}")
    return opened


def _array(data: bytes) -> Opened:
    first = next(iter(decoded(data, list[msgspec.Raw])), None)
    keys = set(decoded(first, dict[str, msgspec.Raw], "[0]")) if first is not None else set()
    if "cveMetadata" in keys or "containers" in keys:
        return _many(cve_five.FORMAT, lambda: cve_five.records(data), cve_five.read, "")
    if "advisoryId" in keys:
        return _many(openvuln.FORMAT, lambda: openvuln.records(data, is_list=True), openvuln.read, "")
    if "id" in keys:
        return _many(nvd.FORMAT, lambda: cve_five.records(data), nvd.read, "")
    raise FileRefused(f"an array of {'nothing' if first is None else 'records with the keys ' + ', '.join(sorted(keys))[:120]}; {WAY_OUT}")


def _eol(document: endoflife.Record) -> Opened:
    records = list(endoflife.read(document))
    try:
        if records:
            endoflife.fact(document, records[0][1], records[0][0])
    except RecordRefused as error:
        if str(error).startswith("title:"):
            raise FileRefused(str(error)) from error
    reads = ((place, partial(endoflife.fact, document, record, place)) for place, record in records)
    return Opened(endoflife.FORMAT, _one_by_one(reads))
