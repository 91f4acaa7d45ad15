"""The sources of knowledge, made here: they answer in the documented shapes, and enforce the documented limits and error forms.

`FakeSources.send` is a `Transport` over moved time. Behind TLS and a proxy they are served by `testkit.knowledge_network`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from natvakt_server.knowledge.asking.messages import Answer, AnswerTooLarge, Request
from testkit.knowledge import Document, eox, kev, openvuln

CLIENT, CLIENT_SECRET, NVD_KEY = "client-1", "s3cret-of-the-client", "nvd-key-1"
SECOND = 1_000_000_000
LIMITS = {
    "/security/advisories": ((5, 1), (30, 60), (5_000, 86_400)),
    "/supporttools/eox": ((5, 1), (30, 60), (5_000, 86_400)),
    "/software/suggestion": ((5, 1), (30, 60), (5_000, 86_400)),
}
OPENVULN_PATH, EOX_PATH, SUGGESTION_PATH = (
    "/security/advisories/v2/",
    "/supporttools/eox/rest/5/EOXByProductID/",
    "/software/suggestion/v2/",
)
Fault = Callable[[Request], Answer]


def as_answer(status: int, body: Any = b"", **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, data)


@dataclass
class FakeSources:
    """`advisories` by (OSType/..., version) or ("product", name); `eox` and `suggestions` by product id; `nvd` by match string."""

    now_ns: Callable[[], int]
    advisories: dict[tuple[str, str], list[Document]] = field(default_factory=dict)
    advisories_a_page: int = 100
    eox: dict[str, list[Document]] = field(default_factory=dict)
    eox_errors: dict[str, tuple[str, str]] = field(default_factory=dict)
    suggestions: dict[str, list[Document]] = field(default_factory=dict)
    kev: Document = field(default_factory=lambda: kev("CVE-2024-10001"))
    kev_tag: str = '"one"'
    epss: dict[str, float] = field(default_factory=dict)
    nvd: dict[str, list[tuple[str, Document]]] = field(default_factory=dict)  # (changed, record)
    token_life_seconds: int = 3600
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    served: dict[str, list[int]] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    refusals: int = 0  # of calls that came too fast

    def send(self, request: Request, most_bytes: int) -> Answer:
        """Implements `Transport`."""
        answer = self.answer(request)
        if len(answer.body) > most_bytes:
            raise AnswerTooLarge(f"{request.host}: an answer of more than {most_bytes // 1024**2} MiB")
        return answer

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if self.faults:
            return self.faults.pop(0)(request)
        hosts = {
            "id.cisco.com": self._token,
            "apix.cisco.com": self._cisco,
            "www.cisa.gov": self._kev,
            "api.first.org": self._epss,
            "services.nvd.nist.gov": self._nvd,
        }
        return hosts[request.host](request)

    def asked(self, part: str) -> list[str]:
        """The targets of the requests in which the words are."""
        return [unquote(request.target) for request in self.requests if part in request.host + request.target]

    # what each service does

    def _token(self, request: Request) -> Answer:
        form = dict(parse_qsl(request.body.decode()))
        if form != {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": CLIENT_SECRET}:
            return as_answer(401, {"error": "invalid_client", "error_description": "Client authentication failed."})
        token = f"token-{len(self.tokens) + 1}"
        self.tokens[token] = self.now_ns() + self.token_life_seconds * SECOND
        return as_answer(
            200, {"token_type": "Bearer", "expires_in": self.token_life_seconds, "access_token": token, "scope": "customscope"}
        )

    def _cisco(self, request: Request) -> Answer:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens.get(bearer, 0) <= self.now_ns():
            return as_answer(401, {"error": "invalid_token", "error_description": "The access token expired"})
        prefix = next(each for each in LIMITS if request.target.startswith(each))
        if self._over(prefix, LIMITS[prefix]):
            return as_answer(429, b"<h1>Developer Over Rate</h1>", retry_after="60", x_mashery_error_code="ERR_403_DEVELOPER_OVER_RATE")
        return {"/security/advisories": self._openvuln, "/supporttools/eox": self._eox, "/software/suggestion": self._suggestion}[prefix](
            request
        )

    def _over(self, service: str, limits: tuple[tuple[int, int], ...]) -> bool:
        """Counted exactly, and a call that is refused counts too."""
        calls, now_ns = self.served.setdefault(service, []), self.now_ns()
        calls.append(now_ns)
        over = any(sum(moment > now_ns - seconds * SECOND for moment in calls) > most for most, seconds in limits)
        self.refusals += over
        return over

    def _openvuln(self, request: Request) -> Answer:
        parts = urlsplit(request.target)
        kind, query = parts.path.removeprefix(OPENVULN_PATH), {name: values[0] for name, values in parse_qs(parts.query).items()}
        key = ("product", query["product"]) if kind == "product" else (kind, query["version"])
        found = self.advisories.get(key)
        if not found:
            return as_answer(404, {"errorCode": "NO_DATA_FOUND", "errorMessage": "No data found"})
        number, size = int(query.get("pageIndex", 1)), int(query.get("pageSize", self.advisories_a_page))
        more = number * size < len(found)
        following = f"{parts.path}?pageIndex={number + 1}&pageSize={size}" if more else "NA"
        page = found[(number - 1) * size : number * size]
        return as_answer(200, {"advisories": page, "paging": {"next": following, "prev": "NA", "count": len(found)}})

    def _eox(self, request: Request) -> Answer:
        number, _, pids = urlsplit(request.target).path.removeprefix(EOX_PATH).partition("/")
        asked = [unquote(pid) for pid in pids.split(",")]
        if len(asked) > 20:
            return as_answer(400, {"message": "at most 20 product ids"})
        records = [record for pid in asked for record in self.eox.get(pid, ())]
        records += [self._eox_error(pid) for pid in asked if pid not in self.eox]
        pages = {"PageIndex": int(number), "LastIndex": 1, "TotalRecords": len(records), "PageRecords": len(records)}
        return as_answer(200, {"PaginationResponseRecord": pages, "EOXRecord": records})

    def _eox_error(self, pid: str) -> Document:
        none = ("SSA_ERR_026", f"EOX information does not exist for the following product ID(s): {pid}")
        name, words = self.eox_errors.get(pid, none)
        error = {"ErrorID": name, "ErrorDescription": words, "ErrorDataType": "PRODUCT_ID", "ErrorDataValue": pid}
        return eox("", EOXInputValue=pid, EOXError=error)

    def _suggestion(self, request: Request) -> Answer:
        pids = [unquote(pid) for pid in urlsplit(request.target).path.rpartition("/")[2].split(",")]
        if len(pids) > 10:
            return as_answer(400, {"message": "at most 10 product ids"})
        products = [product for pid in pids for product in self.suggestions.get(pid, ())]
        pages = {"lastIndex": 1, "pageIndex": 1, "pageRecords": len(products), "totalRecords": len(products)}
        return as_answer(200, {"paginationResponseRecord": pages, "productList": products, "status": "Success"})

    def _kev(self, request: Request) -> Answer:
        if request.headers.get("If-None-Match") == self.kev_tag:
            return as_answer(304, etag=self.kev_tag)
        return as_answer(200, self.kev, etag=self.kev_tag, last_modified="Sat, 01 Jun 2024 12:00:00 GMT")

    def _epss(self, request: Request) -> Answer:
        query = parse_qs(urlsplit(request.target).query)
        text = query["cve"][0]
        if len(text) > 2_000:
            return as_answer(400, {"status": "ERROR", "message": "cve is longer than 2000 characters"})
        data = [
            {"cve": cve, "epss": f"{self.epss[cve]:.9f}", "percentile": "0.900000000", "date": "2026-11-24"}
            for cve in text.split(",")
            if cve in self.epss
        ]
        envelope = {"status": "OK", "status-code": 200, "version": "1.0", "total": len(data), "offset": 0, "limit": 100}
        return as_answer(200, {**envelope, "data": data})

    def _nvd(self, request: Request) -> Answer:
        key = request.headers.get("apiKey", "")
        if key and key != NVD_KEY:
            return as_answer(404, message="Invalid apiKey.")
        if self._over("nvd", (((50 if key else 5), 30),)):
            return as_answer(403, b"<html><body><h1>403 Forbidden</h1></body></html>")
        query = dict(parse_qsl(urlsplit(request.target).query))
        start, end = query.get("lastModStartDate", ""), query.get("lastModEndDate", "9")
        found = [{"cve": record} for changed, record in self.nvd.get(query["virtualMatchString"], ()) if start <= changed <= end]
        first, size = int(query["startIndex"]), int(query["resultsPerPage"])
        head = {"resultsPerPage": size, "startIndex": first, "totalResults": len(found), "format": "NVD_CVE", "version": "2.0"}
        return as_answer(200, {**head, "vulnerabilities": found[first : first + size]})


def fault(status: int, body: Any = b"", **headers: str) -> Fault:
    """Answers that, once, whatever is asked."""
    return lambda request: as_answer(status, body, **headers)


def raising(error: Exception) -> Fault:
    def fail(request: Request) -> Answer:
        raise error

    return fail


def advisory(name: str, cve: str, version: str, fixed: str, system: str = "Cisco IOS XE Software", **more: Any) -> Document:
    """As a version query answers it: the first fixed release is that of the version that was asked."""
    return openvuln(name, [cve], [f"{system} {version}"], firstFixed=[fixed], iosRelease=[version], **more)


def suggested(pid: str, release: str, software: str = "IOS XE Software") -> Document:
    product: Mapping[str, str] = {"basePID": pid, "mdfId": "1", "productName": pid, "softwareType": software}
    told = {"isSuggested": "Y", "releaseFormat1": release, "releaseFormat2": release, "releaseDate": "2026-01-02", "images": []}
    return {"id": "1", "product": product, "suggestions": [told]}
