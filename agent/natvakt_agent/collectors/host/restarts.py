"""Whether a Linux machine went down by itself: the end of the journal of the boot before this one tells, for systemd-shutdown(8) writes
there when a machine goes down in order.
"""

import re

from natvakt_agent.collectors.host.reader import Restart

JOURNAL = ("journalctl", "--boot=-1", "--lines=80", "--output=cat", "--no-pager", "--quiet")
_ORDERLY = re.compile(
    r"systemd-shutdown|Shutting down\.|Reached target .*(?:[Pp]ower.?[Oo]ff|[Rr]eboot|[Ss]hutdown|[Hh]alt)|Journal stopped"
)


def from_journal(text: str) -> Restart | None:
    """From the last lines of the boot before; None where there are none, as after the first start."""
    if not text.strip():
        return None
    if _ORDERLY.search(text):
        return Restart(is_expected=True, reason="shut down in order")
    return Restart(is_expected=False, reason="unexpected: the journal of the boot before ends without a shutdown")
