"""Cisco's Support APIs: EoX (version 5) and Software Suggestion (version 2), both asked by product id.

GET /supporttools/eox/rest/5/EOXByProductID/1/PID,PID       at most 20; {"PaginationResponseRecord": {"LastIndex"}, "EOXRecord": [...]}
GET /software/suggestion/v2/suggestions/software/productIds/PID,PID?pageIndex=1
                                                            at most 10; {"paginationResponseRecord": {"lastIndex"}, "productList": [...]}
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from natvakt_server.knowledge.asking.inventory import Inventory
from natvakt_server.knowledge.asking.messages import Request, shown
from natvakt_server.knowledge.asking.services import EOX, SUGGESTION
from natvakt_server.knowledge.asking.source import AnswerRefused, Asking, Page, Plain, decoded, page_number
from natvakt_server.knowledge.products import system_of_software_type

NO_RECORD = "SSA_ERR_026"
"""EOXError for a product that has no end-of-life notice."""
_encoder = msgspec.json.Encoder()


class _Pages(msgspec.Struct):
    LastIndex: int | str = 1


class _Error(msgspec.Struct):
    ErrorID: str | None = ""
    ErrorDescription: str | None = ""


class _Record(msgspec.Struct):
    EOXInputValue: str | None = ""
    EOXError: _Error | None = None


class _Eox(msgspec.Struct):
    EOXRecord: list[msgspec.Raw]
    PaginationResponseRecord: _Pages = msgspec.field(default_factory=_Pages)


class Eox(Plain):
    service = EOX
    subjects_a_call = 20

    def subjects(self, inventory: Inventory) -> Sequence[str]:
        return inventory.pids

    def request(self, asking: Asking, place: str) -> Request:
        pids = ",".join(quote(pid, safe="") for pid in asking.subjects)
        return Request(EOX.host, f"/supporttools/eox/rest/5/EOXByProductID/{page_number(place)}/{pids}?responseencoding=json")

    def read(self, asking: Asking, place: str, body: bytes) -> Page:
        answer = decoded(body, _Eox)
        told: list[msgspec.Raw] = []
        unanswered: dict[str, str] = {}
        for raw in answer.EOXRecord:
            record = decoded(raw, _Record)
            error = record.EOXError or _Error()
            if not error.ErrorID and not error.ErrorDescription:
                told.append(raw)
            elif error.ErrorID != NO_RECORD:
                unanswered |= _unanswered(asking.subjects, record.EOXInputValue or "", f"{error.ErrorID}: {error.ErrorDescription}")
        document = _encoder.encode({"EOXRecord": told}) if told else b""
        return Page(document, _next_page(place, answer.PaginationResponseRecord.LastIndex), unanswered)


def _unanswered(subjects: Sequence[str], inputs: str, reason: str) -> Mapping[str, str]:
    """An error is about the products that it names; about all that were asked where it names none of them."""
    named = {each.strip() for each in inputs.split(",")} & set(subjects)
    return dict.fromkeys(named or subjects, shown(reason))


def _next_page(place: str, last: int | str) -> str | None:
    try:
        pages = int(last)
    except ValueError:
        raise AnswerRefused(f"{str(last)[:20]!r} is no number of pages") from None
    number = page_number(place)
    return str(page_number(str(number + 1))) if number < pages else None


class _SuggestionPages(msgspec.Struct):
    lastIndex: int | str = 1


class _SuggestionError(msgspec.Struct):
    errorCode: str | None = ""
    errorDescription: str | None = ""


class _Suggestions(msgspec.Struct):
    productList: list[dict[str, Any]] | None = None
    paginationResponseRecord: _SuggestionPages | None = None
    errorDetailsResponse: _SuggestionError | None = None


class Suggestions(Plain):
    service = SUGGESTION
    subjects_a_call = 10

    def subjects(self, inventory: Inventory) -> Sequence[str]:
        return inventory.models

    def request(self, asking: Asking, place: str) -> Request:
        pids = ",".join(quote(pid, safe="") for pid in asking.subjects)
        return Request(SUGGESTION.host, f"/software/suggestion/v2/suggestions/software/productIds/{pids}?pageIndex={page_number(place)}")

    def read(self, asking: Asking, place: str, body: bytes) -> Page:
        answer = decoded(body, _Suggestions)
        error = answer.errorDetailsResponse
        if answer.productList is None:
            if error is None:
                raise AnswerRefused("not the documented answer: no productList")
            return Page(b"", None, dict.fromkeys(asking.subjects, shown(f"{error.errorCode}: {error.errorDescription}")))
        told = sorted(filter(_names_a_release, answer.productList), key=lambda entry: bool(system_of_software_type(_software_type(entry))))
        document = _encoder.encode({"productList": told}) if told else b""
        pages = answer.paginationResponseRecord
        return Page(document, _next_page(place, pages.lastIndex if pages is not None else 1))


def _names_a_release(entry: Mapping[str, Any]) -> bool:
    """A product is told once for each of its software types; those without a release say nothing."""
    suggestions = entry.get("suggestions")
    return isinstance(suggestions, list) and any(
        isinstance(each, dict) and (each.get("releaseFormat1") or each.get("releaseFormat2")) for each in suggestions
    )


def _software_type(entry: Mapping[str, Any]) -> str:
    """Of several the one of a system that we judge must come last: the last of one product counts."""
    product = entry.get("product")
    return str(product.get("softwareType") or "") if isinstance(product, dict) else ""
