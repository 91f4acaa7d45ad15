"""Whether a device uses a feature at all: what makes `not-applicable` a proof and not a guess.

A table that the device does not provide proves nothing. Its configuration does: where no line sets the feature up, the feature is not used.
"""

import re

from natvakt_server.analysis.evidence import Device, Reason
from natvakt_server.analysis.rule import Judgement, not_applicable, unknown

CONFIGURATION = "configuration"


def text_of(device: Device) -> str | None:
    """The running configuration, None where there is none that may be judged."""
    table = device.table(CONFIGURATION)
    text = next((row["text"] for row in table.rows if isinstance(row.get("text"), str)), None)
    return text if table.missing is None and isinstance(text, str) else None


def configures(device: Device, pattern: str) -> bool | None:
    """Whether a line of the running configuration starts so (blanks before it aside); None where there is no configuration."""
    text = text_of(device)
    if text is None:
        return None
    return re.search(rf"^[ \t]*(?:{pattern})", text, re.MULTILINE | re.IGNORECASE) is not None


def missing(device: Device, table: str, pattern: str | None = None) -> Judgement | None:
    """How a rule is judged without that table: not applicable where the configuration shows that the feature is off, else unknown.

    None where the table may be judged."""
    reason = device.table(table).missing
    if reason is None:
        return None
    if reason is Reason.NOT_PROVIDED and pattern is not None and configures(device, pattern) is False:
        return not_applicable("feature-not-used")
    return unknown(reason)
