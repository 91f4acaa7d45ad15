"""Documents of the knowledge base's formats, made here: the shapes are the sources', the contents are invented."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from natvakt_server.knowledge.facts import Fact, claims_of, key_of, kind_of
from natvakt_server.knowledge.importing import Item, open_source
from natvakt_server.knowledge.ports import Counts, Held, HeldClaim, SourceSummary
from natvakt_server.knowledge.revisions import gathered, settled

Document = dict[str, Any]


def opened(data: bytes | str | Document | list[Any]) -> tuple[str, list[Item]]:
    """Format and items of a file with that content."""
    found = open_source(io.BytesIO(as_bytes(data)))
    return found.format, list(found.items)


def facts(data: bytes | str | Document | list[Any]) -> list[Fact]:
    """What is taken from a file in which nothing is refused."""
    _, items = opened(data)
    assert [item.refusal for item in items if item.fact is None] == []
    return [item.fact for item in items if item.fact is not None]


def as_bytes(data: bytes | str | Document | list[Any]) -> bytes:
    if isinstance(data, bytes):
        return data
    return data.encode() if isinstance(data, str) else json.dumps(data).encode()


def branch(category: str, name: str, *below: Document, product: str = "") -> Document:
    made: Document = {"category": category, "name": name}
    if product:
        made["product"] = {"product_id": product, "name": name}
    if below:
        made["branches"] = list(below)
    return made


def csaf(
    advisory: str = "cisco-sa-test-web",
    vulnerabilities: Sequence[Document] = (),
    branches: Sequence[Document] = (),
    severity: str = "Critical",
    title: str = "Cisco Test Vulnerability",
    updated: str = "2024-05-02T16:00:00+00:00",
    **tree: Any,
) -> Document:
    return {
        "document": {
            "category": "csaf_security_advisory",
            "csaf_version": "2.0",
            "title": title,
            "aggregate_severity": {"text": severity},
            "tracking": {"id": advisory, "initial_release_date": "2024-05-01T16:00:00+00:00", "current_release_date": updated},
            "references": [{"category": "self", "url": f"https://example.test/{advisory}"}],
        },
        "product_tree": {"branches": [branch("vendor", "Cisco", *branches)], **tree},
        "vulnerabilities": list(vulnerabilities),
    }


def releases(product: str, trains: Mapping[str, Iterable[str]]) -> tuple[Document, list[str]]:
    """A product of a tree with its releases, and the ids of the leaves."""
    leaves = {train: [branch("service_pack", each, product=f"{product}:{each}") for each in found] for train, found in trains.items()}
    made = branch("product_name", product, *(branch("product_version", train, *found) for train, found in leaves.items()))
    return made, [leaf["product"]["product_id"] for found in leaves.values() for leaf in found]


def vulnerability(cve: str, affected: Sequence[str] = (), score: float | None = 9.8, **status: Sequence[str]) -> Document:
    made: Document = {"cve": cve, "product_status": {"known_affected": list(affected), **{key: list(ids) for key, ids in status.items()}}}
    if score is not None:
        made["scores"] = [{"products": list(affected), "cvss_v3": {"version": "3.1", "baseScore": score}}]
    return made


def cve_record(
    cve: str = "CVE-2024-10001",
    affected: Sequence[Document] = (),
    score: float | None = 8.6,
    advisory: str = "cisco-sa-test-web",
    state: str = "PUBLISHED",
    title: str = "Cisco Test Vulnerability",
    updated: str = "2024-05-02T16:00:00.000Z",
    adp: Sequence[Document] = (),
) -> Document:
    cna: Document = {
        "title": title,
        "affected": list(affected),
        "descriptions": [{"lang": "en", "value": "A test. More of it."}],
        "source": {"advisory": advisory},
        "references": [{"url": f"https://sec.cloudapps.cisco.example/{advisory}"}],
        "datePublic": "2024-05-01T16:00:00",
    }
    if score is not None:
        cna["metrics"] = [{"format": "cvssV3_1", "cvssV3_1": {"baseScore": score}}]
    return {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": {"cveId": cve, "state": state, "datePublished": "2024-05-01T16:00:00.000Z", "dateUpdated": updated},
        "containers": {"cna": cna, "adp": list(adp)},
    }


def product(name: str, *versions: str | Document, vendor: str = "Cisco", **more: Any) -> Document:
    told = [{"version": each, "status": "affected"} if isinstance(each, str) else each for each in versions]
    return {"vendor": vendor, "product": name, "versions": told, **more}


def below(end: str, start: str = "unspecified", **more: Any) -> Document:
    return {"version": start, "lessThan": end, "status": "affected", "versionType": "custom", **more}


def nvd_record(cve: str = "CVE-2024-10001", *matches: Document, hardware: Sequence[str] = (), score: float = 8.6, **more: Any) -> Document:
    nodes: list[Document] = [{"operator": "OR", "negate": False, "cpeMatch": list(matches)}]
    configuration: Document = {"nodes": nodes}
    if hardware:
        configuration["operator"] = "AND"
        nodes.append(
            {
                "operator": "OR",
                "negate": False,
                "cpeMatch": [{"vulnerable": False, "criteria": f"cpe:2.3:h:cisco:{each}:-:*:*:*:*:*:*:*"} for each in hardware],
            }
        )
    return {
        "id": cve,
        "published": "2024-05-01T16:15:10.023",
        "lastModified": "2024-06-01T10:00:00.000",
        "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "en", "value": "A test of NVD. More of it."}],
        "metrics": {"cvssMetricV31": [{"type": "Primary", "cvssData": {"baseScore": score}}]},
        "configurations": [configuration],
        "references": [{"url": "https://sec.cloudapps.cisco.example/cisco-sa-test-web"}],
        **more,
    }


def cpe(product_name: str, version: str = "*", update: str = "*", part: str = "o", **ends: str) -> Document:
    return {"vulnerable": True, "criteria": f"cpe:2.3:{part}:cisco:{product_name}:{version}:{update}:*:*:*:*:*:*", **ends}


def openvuln(
    advisory: str = "cisco-sa-test-union", cves: Sequence[str] = ("CVE-2024-10001",), products: Sequence[str] = (), **more: Any
) -> Document:
    return {
        "advisoryId": advisory,
        "advisoryTitle": "Cisco Test Union",
        "bugIDs": ["CSCaa00001"],
        "cves": list(cves),
        "cvssBaseScore": "7.5",
        "cwe": ["CWE-20"],
        "firstPublished": "2024-05-01T16:00:00",
        "lastUpdated": "2024-05-03T16:00:00",
        "productNames": list(products),
        "publicationUrl": f"https://example.test/{advisory}",
        "sir": "High",
        "status": "Final",
        "version": "1.1",
        **more,
    }


def kev(*cves: str, released: str = "2024-06-01T12:00:00.0000Z") -> Document:
    entries = [
        {
            "cveID": cve,
            "vendorProject": "Cisco",
            "product": "IOS XE",
            "vulnerabilityName": "Cisco Test Exploited",
            "dateAdded": "2024-05-20",
            "dueDate": "2024-06-10",
            "knownRansomwareCampaignUse": "Unknown",
        }
        for cve in cves
    ]
    return {"title": "Catalogue", "catalogVersion": "2024.06.01", "dateReleased": released, "count": len(cves), "vulnerabilities": entries}


def eox(pid: str = "WS-TEST-24", updated: str = "2024-01-02", **more: Any) -> Document:
    def date(value: str) -> Document:
        return {"value": value, "dateFormat": "YYYY-MM-DD"}

    record: Document = {
        "EOLProductID": pid,
        "EOXInputValue": f"{pid} ",
        "ProductIDDescription": "Test",
        "EOXExternalAnnouncementDate": date("2020-01-31"),
        "EndOfSaleDate": date("2021-01-31"),
        "EndOfSWMaintenanceReleases": date("2022-01-31"),
        "EndOfSecurityVulSupportDate": date("2024-01-31"),
        "LastDateOfSupport": date("2026-01-31"),
        "UpdatedTimeStamp": date(updated),
        "ProductBulletinNumber": "EOL00001",
        "LinkToProductBulletinURL": "https://example.test/eol00001",
        "EOXMigrationDetails": {"MigrationProductId": "C9-TEST-24"},
    }
    return {**record, **more}


def eox_page(*records: Document) -> Document:
    return {
        "PaginationResponseRecord": {"PageIndex": 1, "LastIndex": 1, "TotalRecords": len(records), "PageRecords": len(records)},
        "EOXRecord": list(records),
    }


def archive(members: Mapping[str, bytes | Document]) -> bytes:
    """A .tar.gz of files by name."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for name, content in members.items():
            body = as_bytes(content)
            member = tarfile.TarInfo(name)
            member.size = len(body)
            packed.addfile(member, io.BytesIO(body))
    return out.getvalue()


def zipped(data: bytes | str | Document) -> bytes:
    return gzip.compress(as_bytes(data))


class MemoryKnowledge:
    """KnowledgeReader and KnowledgeWriter over dictionaries; the contract holds for it as for SQL."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, str], Held] = {}

    def put(self, source: str, as_of: str, facts: Sequence[Fact], now_ns: int) -> Counts:
        told: dict[tuple[str, str], list[Fact]] = {}
        for fact in facts:
            told.setdefault((kind_of(fact), key_of(fact)), []).append(fact)
        counts = {"new": 0, "changed": 0, "unchanged": 0}
        for (kind, key), said in told.items():
            counts[self._keep((kind, key, source), gathered(said), as_of)] += len(said)
        return Counts(**counts)

    def put_all(self, told: Sequence[tuple[str, str, Sequence[Fact]]], now_ns: int) -> Counts:
        done = [self.put(source, as_of, facts, now_ns) for source, as_of, facts in told]
        return Counts(sum(each.new for each in done), sum(each.changed for each in done), sum(each.unchanged for each in done))

    def _keep(self, place: tuple[str, str, str], told: Fact, as_of: str) -> str:
        held = self._held.get(place)
        if held is None:
            self._held[place] = Held(told, place[2], as_of)
            return "new"
        kept = settled(held.fact, told)
        if kept == held.fact:
            self._held[place] = Held(held.fact, place[2], max(held.as_of, as_of))
            return "unchanged"
        self._held[place] = Held(kept, place[2], as_of)
        return "changed"

    def claims(self, os: str) -> Sequence[HeldClaim]:
        found = [
            (place[0], place[2], place[1], claim.cve, claim.family, HeldClaim(claim, held))
            for place, held in self._held.items()
            for claim in claims_of(held.fact)
            if claim.os == os
        ]
        return [each[-1] for each in sorted(found, key=lambda each: each[:-1])]

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Held]:
        return [held for key in dict.fromkeys(keys) for held in self.every(kind) if key_of(held.fact) == key]

    def every(self, kind: str) -> Sequence[Held]:
        return [self._held[place] for place in sorted(self._held) if place[0] == kind]

    def sources(self) -> Sequence[SourceSummary]:
        groups: dict[tuple[str, str], list[str]] = {}
        for (kind, _, source), held in self._held.items():
            groups.setdefault((source, kind), []).append(held.as_of)
        return [SourceSummary(source, kind, len(days), max(days)) for (source, kind), days in sorted(groups.items())]
