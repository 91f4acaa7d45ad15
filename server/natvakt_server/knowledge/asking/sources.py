"""All sources, each made anew for a run."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from natvakt_server.knowledge.asking.exploitation import Epss, Kev
from natvakt_server.knowledge.asking.nvd import Nvd
from natvakt_server.knowledge.asking.openvuln import OpenVuln
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.asking.source import Source
from natvakt_server.knowledge.asking.support import Eox, Suggestions

MAKERS: Mapping[str, Callable[[], Source]] = MappingProxyType(
    {maker.service.name: maker for maker in (OpenVuln, Eox, Suggestions, Kev, Nvd, Epss)}
)
assert list(MAKERS) == list(SERVICES)
