"""The images on reports: the partner's from the configuration, each customer's from a folder beside it."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from natvakt_server.app.config import ConfigurationError
from natvakt_server.app.config_sections import Partner
from natvakt_server.reports.marks import BadMark, checked
from natvakt_server.reports.model import Mark

_log = logging.getLogger(__name__)
SUFFIXES = (".svg", ".png", ".jpg", ".jpeg")


def report_marks(partner: Partner) -> Callable[[str], Mapping[str, Mark]]:
    """Customer -> marks by whose they are. The partner's is read once, and must be good: raises ConfigurationError.

    A customer's is read for each assessment: it may come or change while the server runs. A bad one is logged and left
    out; no customer waits for a report because of an image.
    """
    own: dict[str, Mark] = {}
    if partner.logo:
        try:
            own["partner"] = checked(Path(partner.logo).read_bytes(), f"partner.logo {partner.logo}")
        except OSError as error:
            raise ConfigurationError(f"partner.logo: {partner.logo}: cannot be read: {error.strerror}; name a PNG, JPEG or SVG") from None
        except BadMark as error:
            raise ConfigurationError(str(error)) from None

    def marks(tenant: str) -> Mapping[str, Mark]:
        theirs = customer_mark(Path(partner.customer_logos), tenant) if partner.customer_logos else None
        return own if theirs is None else {**own, "customer": theirs}

    return marks


def customer_mark(folder: Path, tenant: str) -> Mark | None:
    """`TENANT.svg`, `.png` or `.jpg` in the folder. The tenant is matched against what lies there: no path is built from it."""
    try:
        found = sorted(path for path in folder.iterdir() if path.stem == tenant and path.suffix.lower() in SUFFIXES)
        return checked(found[0].read_bytes(), str(found[0])) if found else None
    except (OSError, BadMark) as error:
        _log.warning("report without the customer's mark tenant=%s reason=%s", tenant, error)
        return None
