"""The knowledge base in SQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from natvakt_server.knowledge.facts import Advisory, Claim, Fact, Lifecycle, Vulnerability, claims_of, key_of, kind_of
from natvakt_server.knowledge.ports import Counts, Held, HeldClaim, SourceSummary
from natvakt_server.knowledge.revisions import gathered, settled
from natvakt_server.store.estate.tables.knowledge import knowledge_claim, knowledge_fact
from natvakt_server.store.estate.transactions import reading, writing

KEYS_A_STATEMENT = 400
_encoder = msgspec.json.Encoder(order="deterministic")
_facts = msgspec.json.Decoder(Fact)
_claims = msgspec.json.Decoder(Claim)


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    key: str
    digest: str
    body: bytes
    claims: Sequence[tuple[str, str, str, bytes]]
    fact: Fact


class SqlKnowledge:
    """Implements KnowledgeReader and KnowledgeWriter."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, source: str, as_of: str, facts: Sequence[Fact], now_ns: int) -> Counts:
        return self.put_all([(source, as_of, facts)], now_ns)

    def put_all(self, told: Sequence[tuple[str, str, Sequence[Fact]]], now_ns: int) -> Counts:
        """As `put`, for (source, as of, facts) of many sources in one transaction. Raises StoreUnavailable."""
        prepared = [
            (source, as_of, list({(row.kind, row.key): (row, count) for row, count in _rows(facts)}.values()))
            for source, as_of, facts in told
        ]

        def put(connection: Connection) -> Counts:
            done = [_put(connection, source, as_of, rows, now_ns) for source, as_of, rows in prepared]
            return Counts(sum(each.new for each in done), sum(each.changed for each in done), sum(each.unchanged for each in done))

        return writing(self._engine, put)

    def claims(self, os: str) -> Sequence[HeldClaim]:
        fact, claim = knowledge_fact.c, knowledge_claim.c
        joined = knowledge_claim.join(knowledge_fact, (claim.kind == fact.kind) & (claim.source == fact.source) & (claim.key == fact.key))
        query = select(fact.kind, fact.source, fact.key, fact.as_of, fact.body, claim.body.label("claim")).select_from(joined)
        ordered = query.where(claim.os == os).order_by(claim.kind, claim.source, claim.key, claim.cve, claim.family)
        found: list[HeldClaim] = []
        held, place = None, None
        for kind, name, key, as_of, body, told in reading(self._engine, lambda connection: connection.execute(ordered).all()):
            if place != (kind, name, key):
                held, place = Held(_facts.decode(body), name, as_of), (kind, name, key)
            assert held is not None
            found.append(HeldClaim(_claims.decode(told), held))
        return found

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Held]:
        def read(connection: Connection) -> Sequence[Held]:
            found: list[tuple[str, Held]] = []
            for part in _parts(list(dict.fromkeys(keys))):
                query = select(knowledge_fact).where(knowledge_fact.c.kind == kind, knowledge_fact.c.key.in_(part))
                found += [(row.key, Held(_facts.decode(row.body), row.source, row.as_of)) for row in connection.execute(query)]
            order = {key: place for place, key in enumerate(dict.fromkeys(keys))}
            return [held for _, held in sorted(found, key=lambda each: (order[each[0]], each[1].source))]

        return reading(self._engine, read) if keys else ()

    def every(self, kind: str) -> Sequence[Held]:
        query = select(knowledge_fact).where(knowledge_fact.c.kind == kind).order_by(knowledge_fact.c.key, knowledge_fact.c.source)
        rows = reading(self._engine, lambda connection: connection.execute(query).all())
        return [Held(_facts.decode(row.body), row.source, row.as_of) for row in rows]

    def whole(self) -> Sequence[Held]:
        """Every fact with its claims, by source, kind and key: what a bundle is made of."""

        def load(connection: Connection) -> Sequence[Held]:
            order = (knowledge_claim.c.kind, knowledge_claim.c.source, knowledge_claim.c.key, knowledge_claim.c.os, knowledge_claim.c.cve)
            claims: dict[tuple[str, str, str], list[Claim]] = {}
            for row in connection.execute(select(knowledge_claim).order_by(*order, knowledge_claim.c.family)):
                claims.setdefault((row.kind, row.source, row.key), []).append(_claims.decode(row.body))
            fact = knowledge_fact.c
            rows = connection.execute(select(knowledge_fact).order_by(fact.source, fact.kind, fact.key))
            return [
                Held(_whole(_facts.decode(row.body), claims.get((row.kind, row.source, row.key), ())), row.source, row.as_of)
                for row in rows
            ]

        return reading(self._engine, load)

    def sources(self) -> Sequence[SourceSummary]:
        fact = knowledge_fact.c
        query = select(fact.source, fact.kind, func.count(), func.max(fact.as_of)).group_by(fact.source, fact.kind)
        rows = reading(self._engine, lambda connection: connection.execute(query.order_by(fact.source, fact.kind)).all())
        return [SourceSummary(*row) for row in rows]


def _rows(facts: Sequence[Fact]) -> Iterator[tuple[_Row, int]]:
    """One row for each key, and how often the key came."""
    told: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        told.setdefault((kind_of(fact), key_of(fact)), []).append(fact)
    for place, said in told.items():
        yield _row(*place, gathered(said)), len(said)


def _whole(fact: Fact, claims: Sequence[Claim]) -> Fact:
    return msgspec.structs.replace(fact, claims=tuple(claims)) if isinstance(fact, Advisory | Vulnerability) and claims else fact


def _row(kind: str, key: str, fact: Fact) -> _Row:
    claims = claims_of(fact)
    bare = msgspec.structs.replace(fact, claims=()) if claims else fact
    told = [(claim.os, claim.cve, claim.family, _encoder.encode(claim)) for claim in claims]
    return _Row(kind, key, sha256(_encoder.encode(fact)).hexdigest(), _encoder.encode(bare), told, fact)


def _put(connection: Connection, source: str, as_of: str, rows: Sequence[tuple[_Row, int]], now_ns: int) -> Counts:
    new = changed = unchanged = 0
    for start in range(0, len(rows), KEYS_A_STATEMENT):
        part = rows[start : start + KEYS_A_STATEMENT]
        present = _present(connection, source, [row for row, _ in part])
        fresh = [row for row, _ in part if (row.kind, row.key) not in present]
        other = [kept for row, _ in part if (stored := present.get((row.kind, row.key))) and (kept := _changed(stored, row))]
        touched = {(row.kind, row.key) for row in (*fresh, *other)}
        same = [row for row, _ in part if (row.kind, row.key) not in touched]
        _insert(connection, source, as_of, fresh, now_ns)
        for row in other:
            _remove(connection, source, row)
        _insert(connection, source, as_of, other, now_ns)
        _confirm(connection, source, as_of, same)
        times = {(row.kind, row.key): count for row, count in part}
        new += sum(times[row.kind, row.key] for row in fresh)
        changed += sum(times[row.kind, row.key] for row in other)
        unchanged += sum(times[row.kind, row.key] for row in same)
    return Counts(new, changed, unchanged)


def _changed(stored: tuple[str, bytes], told: _Row) -> _Row | None:
    """The row to keep instead of what is stored; None where that stays."""
    digest, body = stored
    if digest == told.digest:
        return None
    before = _facts.decode(body)
    kept = settled(before, told.fact)
    if kept is before or (isinstance(kept, Lifecycle) and kept == before):
        return None
    return told if kept is told.fact else _row(told.kind, told.key, kept)


def _present(connection: Connection, source: str, rows: Sequence[_Row]) -> dict[tuple[str, str], tuple[str, bytes]]:
    """(digest, body) of what is stored, by kind and key."""
    fact = knowledge_fact.c
    found: dict[tuple[str, str], tuple[str, bytes]] = {}
    for kind in sorted({row.kind for row in rows}):
        keys = [row.key for row in rows if row.kind == kind]
        query = select(fact.key, fact.digest, fact.body).where(fact.kind == kind, fact.source == source, fact.key.in_(keys))
        found |= {(kind, key): (digest, body) for key, digest, body in connection.execute(query)}
    return found


def _insert(connection: Connection, source: str, as_of: str, rows: Sequence[_Row], now_ns: int) -> None:
    if not rows:
        return
    same = {"source": source, "as_of": as_of, "stored_ns": now_ns}
    connection.execute(
        insert(knowledge_fact), [{**same, "kind": row.kind, "key": row.key, "digest": row.digest, "body": row.body} for row in rows]
    )
    claims = [
        {"kind": row.kind, "source": source, "key": row.key, "os": os, "cve": cve, "family": family, "body": body}
        for row in rows
        for os, cve, family, body in row.claims
    ]
    if claims:
        connection.execute(insert(knowledge_claim), claims)


def _remove(connection: Connection, source: str, row: _Row) -> None:
    for table in (knowledge_claim, knowledge_fact):
        connection.execute(delete(table).where(table.c.kind == row.kind, table.c.source == source, table.c.key == row.key))


def _confirm(connection: Connection, source: str, as_of: str, rows: Sequence[_Row]) -> None:
    """What a source says again on a later day is known to hold on that day."""
    fact = knowledge_fact.c
    for kind in sorted({row.kind for row in rows}):
        keys = [row.key for row in rows if row.kind == kind]
        later = (fact.kind == kind) & (fact.source == source) & fact.key.in_(keys) & (fact.as_of < as_of)
        connection.execute(update(knowledge_fact).where(later).values(as_of=as_of))


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + KEYS_A_STATEMENT] for start in range(0, len(keys), KEYS_A_STATEMENT))
