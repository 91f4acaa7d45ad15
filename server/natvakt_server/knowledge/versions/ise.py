"""Cisco Identity Services Engine: 3.0.0 p2 up to 3.2, 3.3 Patch 2 from 3.3 on; devices add the build, 3.1.0.518."""

import re

from natvakt_server.knowledge.versions.version import Version, tidy, unknown

OS = "ise"
FORM = "3.0.0 p2 or 3.3 Patch 2"
WORD_FROM = (3, 3)
"""The release from which advisories write "3.3 Patch 2" and not "3.2.0 p2"."""

_ISE = re.compile(
    r"0*(?P<major>\d{1,2})\.0*(?P<minor>\d{1,2})(?:\.0*(?P<maintenance>\d{1,2}))?(?:\.\d{2,5})?"
    r"(?:[ ,-]*(?:patch|p)[ -]?0*(?P<patch>\d{1,3}))?",
    re.ASCII | re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:Cisco )?(?:Identity Services Engine|ISE)?(?: Software)? ?(?:Release |Version )?", re.IGNORECASE)


def parse(text: str) -> Version:
    """Raises VersionUnknown."""
    found = _ISE.fullmatch(_LEAD.sub("", tidy(OS, text)))
    if found is None:
        raise unknown(OS, text, FORM)
    major, minor = int(found["major"]), int(found["minor"])
    maintenance, patch = int(found["maintenance"] or 0), int(found["patch"] or 0)
    base = f"{major}.{minor}.{maintenance}"
    if not patch:
        shown = base
    elif (major, minor) >= WORD_FROM and not maintenance:
        shown = f"{major}.{minor} Patch {patch}"
    else:
        shown = f"{base} p{patch}"
    return Version(OS, text, shown, f"{major}.{minor}", (maintenance, patch))
