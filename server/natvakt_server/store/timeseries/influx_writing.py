"""Lines into a bucket, in requests of a bounded size, and which of them InfluxDB does not take."""

import logging
import re
from collections.abc import Sequence

from natvakt_server.store.timeseries.influx_connection import InfluxConnection, Refused
from natvakt_server.store.timeseries.line_protocol import PointLine

MAX_LINES = 5_000
_DROPPED = re.compile(r"dropped=(\d+)")
_REASON_LENGTH = 300

logger = logging.getLogger(__name__)

Refusal = tuple[int, str]
"""Place of the line among those given, and why."""


class LineWriter:
    def __init__(self, connection: InfluxConnection, organisation: str) -> None:
        self._connection, self._organisation = connection, organisation

    def write(self, bucket: str, lines: Sequence[PointLine]) -> Sequence[Refusal]:
        """Store all lines that InfluxDB takes. Raises SeriesUnavailable; writing them again is harmless."""
        refusals: list[Refusal] = []
        for start in range(0, len(lines), MAX_LINES):
            refusals.extend(self._write_part(bucket, lines, start, min(start + MAX_LINES, len(lines))))
        if refusals:
            logger.error("event=influx-refused bucket=%s points=%d reason=%r", bucket, len(refusals), refusals[0][1])
        return refusals

    def _write_part(self, bucket: str, lines: Sequence[PointLine], start: int, end: int) -> Sequence[Refusal]:
        """One request; when it is refused, halves of it, until the lines to blame stand alone.

        InfluxDB stores the good points of a request it refuses in part (422), and none of one it cannot parse (400): writing both
        halves again is right in either case.
        """
        body = "\n".join(line.text for line in lines[start:end]).encode()
        try:
            self._connection.call("POST", "/api/v2/write", {"org": self._organisation, "bucket": bucket, "precision": "ns"}, body)
        except Refused as refused:
            dropped = _DROPPED.search(refused.message)
            all_dropped = dropped is not None and int(dropped[1]) == end - start
            if all_dropped or end - start == 1:
                return [(place, refused.message[:_REASON_LENGTH]) for place in range(start, end)]
            middle = (start + end) // 2
            return [*self._write_part(bucket, lines, start, middle), *self._write_part(bucket, lines, middle, end)]
        return []
