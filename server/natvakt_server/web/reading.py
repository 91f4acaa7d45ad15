"""Reports that pages read from. A stored assessment is signed and never changes, so a parsed one may be kept."""

import threading
from collections import OrderedDict
from copy import copy

from natvakt_server.domain.assessment import AssessmentStore
from natvakt_server.domain.rights import EVERYWHERE, Scope
from natvakt_server.reports.model import ReportDocument, read
from natvakt_server.web.walls.estate import within

KEPT_REPORTS = 64


class ReportShelf:
    """The reports last asked for, parsed, as somebody sees them who holds a scope."""

    def __init__(self, store: AssessmentStore) -> None:
        self._store, self._scope = store, EVERYWHERE
        self._kept: OrderedDict[tuple[str, str], ReportDocument] = OrderedDict()
        self._lock = threading.Lock()

    def within(self, scope: Scope) -> "ReportShelf":
        """The same shelf behind a wall."""
        view = copy(self)
        view._scope = scope
        return view

    def report(self, tenant: str, assessment_id: str) -> ReportDocument | None:
        """None: this customer has no such assessment inside the scope. Raises ValueError when what is stored is no report."""
        found = self._report(tenant, assessment_id) if self._scope.touches(tenant) else None
        return found if found is not None and within(self._scope, tenant, found.sites) else None

    def _report(self, tenant: str, assessment_id: str) -> ReportDocument | None:
        place = (tenant, assessment_id)
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place]
        assessment = self._store.load(tenant, assessment_id)
        if assessment is None:
            return None
        document = read(assessment.document)
        with self._lock:
            self._kept[place] = document
            while len(self._kept) > KEPT_REPORTS:
                self._kept.popitem(last=False)
        return document
