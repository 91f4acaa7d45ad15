"""The services that are asked: where they are, what they allow, how long their answers stay fresh.

cisco-openvuln    5 calls a second, 30 a minute, 5,000 a day and application (developer.cisco.com/docs/psirt, "Rate Limits on Results")
cisco-eox         20 products a call; cisco-suggestion: 10. Cisco publishes no rates for the Support APIs: each application sees its own in
                  the API console. Here they are asked no faster than openVuln.
first-epss        2,000 characters of CVE numbers a call; no published rate
cisa-kev          a file; validators tell when it is new
nvd               5 requests in rolling 30 seconds, 50 with a key (nvd.nist.gov/developers/start-here)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from natvakt_server.knowledge.asking.throttle import Limit

MINUTE, HOUR, DAY = 60, 3600, 86_400
MEBIBYTE = 1024 * 1024
CISCO_LIMITS = (Limit(5, 1), Limit(30, MINUTE), Limit(5_000, DAY))
NVD_WITH_KEY = (Limit(50, 30),)


@dataclass(frozen=True, slots=True)
class Service:
    """`credential`: what a call must carry, "cisco" (a bearer token) or "nvd" (a key, if there is one); empty: nothing."""

    name: str
    host: str
    limits: Sequence[Limit]
    fresh_seconds: int
    most_bytes: int
    credential: str = ""


CISCO_TOKEN = Service("cisco-token", "id.cisco.com", (Limit(5, MINUTE), Limit(100, DAY)), 0, MEBIBYTE)
OPENVULN = Service("cisco-openvuln", "apix.cisco.com", CISCO_LIMITS, 20 * HOUR, 64 * MEBIBYTE, "cisco")
EOX = Service("cisco-eox", "apix.cisco.com", CISCO_LIMITS, 7 * DAY, 8 * MEBIBYTE, "cisco")
SUGGESTION = Service("cisco-suggestion", "apix.cisco.com", CISCO_LIMITS, 7 * DAY, 16 * MEBIBYTE, "cisco")
KEV = Service("cisa-kev", "www.cisa.gov", (Limit(1, 10), Limit(50, DAY)), 4 * HOUR, 64 * MEBIBYTE)
EPSS = Service("first-epss", "api.first.org", (Limit(1, 1), Limit(30, MINUTE)), 20 * HOUR, 8 * MEBIBYTE)
NVD = Service("nvd", "services.nvd.nist.gov", (Limit(5, 30),), 20 * HOUR, 128 * MEBIBYTE, "nvd")

SERVICES: Mapping[str, Service] = MappingProxyType({each.name: each for each in (OPENVULN, EOX, SUGGESTION, KEV, NVD, EPSS)})
"""In the order in which they are asked: EPSS is asked about the vulnerabilities that the others tell."""
HOSTS = frozenset(each.host for each in (*SERVICES.values(), CISCO_TOKEN))
"""Nothing else is ever called."""
