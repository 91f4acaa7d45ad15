"""Events as an agent's batch brings them, into a console's database."""

from natvakt_server.domain.events import Event
from natvakt_server.store.estate.events import apply_events
from natvakt_server.store.estate.transactions import writing
from testkit.console import ConsoleHouse

SECOND_NS = 1_000_000_000
CONFIGURED = {
    "name": "SYS-5-CONFIG_I",
    "severity": 5,
    "facility": "SYS",
    "mnemonic": "CONFIG_I",
    "message": "Configured from console by bo on vty0 (10.0.0.5)",
    "user": "bo",
    "origin": "10.0.0.5",
    "is_change": True,
}


def event(agent_device: str, at_ns: int, **changes: object) -> Event:
    values: dict[str, object] = {"kind": "syslog", "name": "LINK-3-UPDOWN", "severity": 3, "source": "10.0.0.2", "message": "down"}
    return Event(agent_device, at_ns, **(values | changes))  # type: ignore[arg-type]


def tell_event(house: ConsoleHouse, agent_device: str, *, age_seconds: float = 60, tenant: str = "acme", **changes: object) -> None:
    heard = event(agent_device, house.clock.now_ns - int(age_seconds * SECOND_NS), **changes)
    writing(house.engine, lambda c: apply_events(c, tenant, "hq", [heard], house.ids))
