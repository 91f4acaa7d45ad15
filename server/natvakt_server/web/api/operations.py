"""Every operation of the API. A new capability is a module in `resources` and a line here."""

from natvakt_server.web.api.operation import Operation
from natvakt_server.web.api.resources import estate

OPERATIONS: tuple[Operation, ...] = (*estate.OPERATIONS,)
