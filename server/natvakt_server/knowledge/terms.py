"""Under which terms each source gives what it says: shown with what is known, and kept in mind by whoever passes it on."""

from collections.abc import Mapping
from types import MappingProxyType

OWN = "the partner's own"
TERMS: Mapping[str, str] = MappingProxyType(
    {
        "cisco-csaf": "Cisco security advisories, for use with Cisco products; copyright Cisco",
        "cisco-cvrf": "Cisco security advisories, for use with Cisco products; copyright Cisco",
        "cisco-openvuln": "terms of the Cisco PSIRT openVuln API; the partner's own access, not to be passed on",
        "cisco-eox": "terms of the Cisco Support APIs; the partner's own access, not to be passed on",
        "cisco-suggestion": "terms of the Cisco Support APIs; the partner's own access, not to be passed on",
        "cve-program": "CVE terms of use: free with attribution; CVE is a mark of The MITRE Corporation",
        "nvd": "public domain; this product uses data from the NVD API but is not endorsed or certified by the NVD",
        "cisa-kev": "CC0 1.0; no endorsement by CISA or the U.S. Department of Homeland Security",
        "first-epss": "free with attribution to FIRST's EPSS (first.org/epss)",
        "endoflife.date": "MIT licence, endoflife.date contributors",
        "partner": OWN,
    }
)


def terms_of(source: str) -> str:
    """A source that has a name of the partner's choosing is under the terms that the partner knows."""
    return TERMS.get(source, OWN)
