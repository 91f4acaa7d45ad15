"""NVD's CVE API 2.0, asked by operating system: everything once, then what was changed since.

    GET /rest/json/cves/2.0?virtualMatchString=cpe:2.3:o:cisco:ios_xe&resultsPerPage=100&startIndex=0
                            [&lastModStartDate=...&lastModEndDate=...]

Both dates are given or none, at most 120 days apart.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import quote, urlencode

import msgspec

from natvakt_server.knowledge.asking.inventory import Inventory
from natvakt_server.knowledge.asking.messages import Request
from natvakt_server.knowledge.asking.services import NVD
from natvakt_server.knowledge.asking.source import MOST_PAGES, AnswerRefused, Asking, Page, Plain, decoded

RESULTS_A_PAGE = 100
"""Of 2,000 that are allowed: a record of IOS may name thousands of releases."""
LONGEST_SPAN = timedelta(days=120)
OVERLAP = timedelta(hours=2)
CPE_NAMES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "ios": ("o:cisco:ios",),
        "ios-xe": ("o:cisco:ios_xe",),
        "ios-xr": ("o:cisco:ios_xr",),
        "nx-os": ("o:cisco:nx-os",),
        "aci": ("a:cisco:application_policy_infrastructure_controller", "o:cisco:nx-os"),
        "asa": ("a:cisco:adaptive_security_appliance_software", "o:cisco:adaptive_security_appliance_software"),
        "ftd": ("a:cisco:firepower_threat_defense", "a:cisco:firepower_threat_defense_software"),
        "fmc": ("a:cisco:firepower_management_center", "a:cisco:secure_firewall_management_center"),
        "fxos": ("o:cisco:fxos", "o:cisco:firepower_extensible_operating_system"),
        "aireos": ("o:cisco:wireless_lan_controller_software", "a:cisco:wireless_lan_controller_software"),
        "cucm": ("a:cisco:unified_communications_manager",),
        "ise": ("a:cisco:identity_services_engine", "a:cisco:identity_services_engine_software"),
    }
)


class _Answer(msgspec.Struct):
    startIndex: int
    totalResults: int
    vulnerabilities: list[msgspec.Raw]


class Nvd(Plain):
    service = NVD

    def subjects(self, inventory: Inventory) -> Sequence[str]:
        return list(dict.fromkeys(f"cpe:2.3:{name}" for os in inventory.systems for name in CPE_NAMES.get(os, ())))

    def request(self, asking: Asking, place: str) -> Request:
        query = {
            "virtualMatchString": asking.subjects[0],
            "resultsPerPage": str(RESULTS_A_PAGE),
            "startIndex": place or "0",
            **_changed_since(asking),
        }
        return Request(NVD.host, f"/rest/json/cves/2.0?{urlencode(query, quote_via=quote, safe=':')}")

    def read(self, asking: Asking, place: str, body: bytes) -> Page:
        answer = decoded(body, _Answer)
        start = int(place or 0)
        if answer.startIndex != start:
            raise AnswerRefused(f"startIndex {answer.startIndex} where {start} was asked")
        reached, count = start + len(answer.vulnerabilities), len(answer.vulnerabilities)
        following = str(reached) if reached < answer.totalResults else None
        if following is not None and (not count or reached > MOST_PAGES * RESULTS_A_PAGE):
            raise AnswerRefused(f"{answer.totalResults} results and only {count} of them at {start}")
        return Page(body if count else b"", following, until=asking.moment)


def _changed_since(asking: Asking) -> Mapping[str, str]:
    """Nothing where everything is wanted: the first time, and after too long a silence."""
    if asking.known is None or not asking.known.until:
        return {}
    end = datetime.fromisoformat(asking.moment)
    start = datetime.fromisoformat(asking.known.until) - OVERLAP
    if not timedelta() < end - start <= LONGEST_SPAN:
        return {}
    return {"lastModStartDate": _shown(start), "lastModEndDate": _shown(end)}


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds") + "+00:00"
