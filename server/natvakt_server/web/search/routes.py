"""Search over customers, sites and devices."""

from werkzeug.wrappers import Response

from natvakt_server.domain.estate import SearchHit
from natvakt_server.domain.rights import Permission
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.search.words import WORDS
from natvakt_server.web.visit import Visit

FOUND_AS_TYPED, FOUND_ON_PAGE = 8, 100
TEXT_LIMIT = 100


def show(visit: Visit) -> Response:
    text = "".join(filter(str.isprintable, visit.argument("q"))).strip()[:TEXT_LIMIT]
    hits = visit.ports.search.search(text, FOUND_AS_TYPED if visit.wants_fragment else FOUND_ON_PAGE)
    found = [(hit, address_of(visit, hit)) for hit in hits]
    return visit.page("search/found.html" if visit.wants_fragment else "search/search.html", found=found, text=text)


def address_of(visit: Visit, hit: SearchHit) -> str:
    if hit.kind == "device":
        return visit.url("devices.show", tenant=hit.tenant, device_id=hit.id)
    if hit.kind == "site":
        return visit.url("sites.show", tenant=hit.tenant, site=hit.site)
    return visit.url("customers.show", tenant=hit.tenant)


SCREEN = Screen(name="search", words=WORDS, routes=(get("search.show", "/search", show, permission=Permission.SEE),))
