"""Reports that pages read from. A stored assessment is signed and never changes, so a parsed one may be kept."""

import threading
from collections import OrderedDict

from natvakt_server.domain.assessment import AssessmentStore
from natvakt_server.reports.model import ReportDocument, read

KEPT_REPORTS = 64


class ReportShelf:
    """The reports last asked for, parsed."""

    def __init__(self, store: AssessmentStore) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, str], ReportDocument] = OrderedDict()
        self._lock = threading.Lock()

    def report(self, tenant: str, assessment_id: str) -> ReportDocument | None:
        """None: this customer has no such assessment. Raises ValueError when what is stored is no report."""
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
