"""Finished assessments, kept as they were signed."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Engine, RowMapping, select

from natvakt_server.domain.assessment import Assessment
from natvakt_server.store.estate.mapping import to_json
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.assessments import assessment
from natvakt_server.store.estate.transactions import reading, writing

FOR_LISTS = [column for column in assessment.c if column.name not in {"document", "inputs"}]


class SqlAssessmentStore:
    """Implements `AssessmentStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, finished: Assessment) -> None:
        """What is signed stays: the same id again changes nothing."""
        values = {
            "id": finished.id,
            "tenant": finished.tenant,
            "made_ns": finished.made_ns,
            "sites": to_json(list(finished.sites)),
            "scores": to_json(dict(finished.scores)),
            "coverage": to_json(dict(finished.coverage)),
            "counts": to_json(dict(finished.counts)),
            "document": finished.document,
            "inputs": finished.inputs,
        }
        writing(self._engine, lambda c: insert_missing(c, assessment, [values], ["id"]))

    def load(self, tenant: str, assessment_id: str) -> Assessment | None:
        return self._one((assessment.c.tenant == tenant) & (assessment.c.id == assessment_id))

    def find(self, assessment_id: str) -> Assessment | None:
        return self._one(assessment.c.id == assessment_id)

    def history(self, tenant: str, limit: int = 50) -> Sequence[Assessment]:
        query = (
            select(*FOR_LISTS)
            .where(assessment.c.tenant == tenant)
            .order_by(assessment.c.made_ns.desc(), assessment.c.id.desc())
            .limit(limit)
        )
        return reading(self._engine, lambda c: [assessment_of(row) for row in c.execute(query).mappings()])

    def _one(self, wanted: ColumnElement[bool]) -> Assessment | None:
        row = reading(self._engine, lambda c: c.execute(select(assessment).where(wanted)).mappings().one_or_none())
        return assessment_of(row) if row else None


def assessment_of(row: RowMapping) -> Assessment:
    return Assessment(
        id=row["id"],
        tenant=row["tenant"],
        sites=tuple(json.loads(row["sites"])),
        made_ns=row["made_ns"],
        scores=json.loads(row["scores"]),
        coverage=json.loads(row["coverage"]),
        counts=json.loads(row["counts"]),
        document=row.get("document", b""),
        inputs=row.get("inputs", b""),
    )
