"""Cisco PSIRT openVuln API, version 2: which advisories hold for a version (OSType), or for a product that has no version query.

    GET /security/advisories/v2/OSType/iosxe?version=17.3.4a
    GET /security/advisories/v2/product?product=Cisco%20IOS%20XR%20Software
    {"advisories": [...], "paging": {"next": "NA" | "...?pageIndex=2&pageSize=100"}}

An advisory comes with every version query that it answers, each time with the first fixed releases of that version alone. One advisory is
one fact, so what the other versions were told is remembered and joined with it before it is taken in.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from natvakt_server.knowledge.asking.inventory import Inventory
from natvakt_server.knowledge.asking.messages import Request
from natvakt_server.knowledge.asking.services import OPENVULN
from natvakt_server.knowledge.asking.source import FIRST, AnswerRefused, Asking, Page, Plain, Remembered, decoded, page_number

BASE = "/security/advisories/v2"
OS_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "ios": "ios",
        "ios-xe": "iosxe",
        "nx-os": "nxos",
        "aci": "aci",
        "asa": "asa",
        "ftd": "ftd",
        "fmc": "fmc",
        "fxos": "fxos",
    }
)
PRODUCTS: Mapping[str, str] = MappingProxyType(
    {
        "ios-xr": "Cisco IOS XR Software",
        "aireos": "Cisco Wireless LAN Controller",
        "cucm": "Cisco Unified Communications Manager",
        "ise": "Cisco Identity Services Engine Software",
    }
)
"""Systems that no version query knows are asked by the name of the product."""
BY_VERSION = ("firstFixed", "iosRelease", "platforms")
"""What of an advisory depends on the version that was asked."""
_PAGING = re.compile(r"[?&](pageIndex|pageSize)=(\d{1,4})", re.ASCII)
_encoder = msgspec.json.Encoder(order="deterministic")
Slim = Mapping[str, list[Any]]


class _Paging(msgspec.Struct):
    next: str | None = ""


class _Answer(msgspec.Struct):
    advisories: list[msgspec.Raw]
    paging: _Paging = msgspec.field(default_factory=_Paging)


class OpenVuln(Plain):
    service = OPENVULN

    def __init__(self) -> None:
        self._told: dict[str, dict[str, Slim]] = {}  # advisory -> subject -> what it was told
        self._advisories: dict[str, dict[str, Slim]] = {}  # subject -> advisory -> the same

    def subjects(self, inventory: Inventory) -> Sequence[str]:
        versions = [f"{os} {version}" for os, version in inventory.versions if os in OS_TYPES]
        return [*versions, *(f"product {os}" for os in inventory.systems if os in PRODUCTS)]

    def request(self, asking: Asking, place: str) -> Request:
        kind, _, rest = asking.subjects[0].partition(" ")
        path, query = (
            ("product", {"product": PRODUCTS[rest]}) if kind == "product" else (f"OSType/{quote(OS_TYPES[kind])}", {"version": rest})
        )
        if place != FIRST:
            index, _, size = place.partition(":")
            query |= {"pageIndex": index, "pageSize": size}
        return Request(OPENVULN.host, f"{BASE}/{path}?{urlencode(query, quote_via=quote)}")

    def read(self, asking: Asking, place: str, body: bytes) -> Page:
        subject = asking.subjects[0]
        answer = decoded(body, _Answer)
        if place == FIRST:
            self._forget(subject)
        joined = [self._joined(subject, raw) for raw in answer.advisories]
        kept = _encoder.encode(self._advisories.get(subject, {}))
        document = _encoder.encode({"advisories": joined}) if joined else b""
        return Page(document, _following(place, (answer.paging.next or "").strip()), kept=kept)

    def remember(self, known: Remembered) -> None:
        if known.kept:
            for advisory, slim in decoded(known.kept, dict[str, dict[str, list[Any]]]).items():
                self._note(known.subject, advisory, slim)

    def _joined(self, subject: str, raw: msgspec.Raw) -> Mapping[str, msgspec.Raw | str | list[Any]]:
        told = decoded(raw, dict[str, msgspec.Raw])
        advisory = decoded(told.get("advisoryId", msgspec.Raw(b'""')), str)
        if not advisory:
            raise AnswerRefused("an advisory without advisoryId")
        slim = {name: found for name in BY_VERSION if name in told and (found := _listed(told[name]))}
        self._note(subject, advisory, slim)
        by_subject = self._told[advisory]
        joined = {name: _distinct([each for key in sorted(by_subject) for each in by_subject[key].get(name, ())]) for name in BY_VERSION}
        return {**told, **{name: found for name, found in joined.items() if found}}

    def _note(self, subject: str, advisory: str, slim: Slim) -> None:
        self._told.setdefault(advisory, {})[subject] = slim
        self._advisories.setdefault(subject, {})[advisory] = slim

    def _forget(self, subject: str) -> None:
        for advisory in self._advisories.pop(subject, {}):
            self._told[advisory].pop(subject, None)


def _listed(raw: msgspec.Raw) -> list[Any]:
    return [] if bytes(raw).strip() == b"null" else decoded(raw, list[Any])


def _distinct(values: Sequence[Any]) -> list[Any]:
    return list({_encoder.encode(value): value for value in values}.values())


def _following(place: str, following: str) -> str | None:
    """Only the numbers of it: where to ask is never taken from an answer."""
    if not following or following.upper() == "NA":
        return None
    found = dict(_PAGING.findall(following))
    index = found.get("pageIndex", "")
    if not index or int(index) <= int(place.partition(":")[0] or 1):
        raise AnswerRefused(f"paging.next {following[:60]!r} is no later page")
    page_number(index)
    return f"{index}:{found.get('pageSize', '100')}"
