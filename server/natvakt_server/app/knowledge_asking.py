"""The part of the running server that asks sources of knowledge."""

from collections.abc import Sequence

from natvakt_server.app.config import seconds
from natvakt_server.app.house import House
from natvakt_server.app.knowledge_sources import configured, source_desk
from natvakt_server.app.services import Loop, Part
from natvakt_server.jobs.knowledge_inventory import KeptInventory
from natvakt_server.jobs.knowledge_rounds import KnowledgeRounds, RoundParts


def knowledge_parts(house: House) -> Sequence[Part]:
    """The part that asks sources; none where none is configured. Raises ConfigurationError."""
    settings = house.configuration.knowledge
    names = configured(settings)
    if not names:
        return ()
    desk = source_desk(settings, house.stores, house.clock, house.version, lambda _: None)
    desk.require(names)
    rounds = KnowledgeRounds(
        RoundParts(
            sources=names,
            every_seconds=seconds(settings.every, "knowledge.every"),
            asked=house.stores.asked,
            inventory=KeptInventory(house.stores.reader, house.stores.knowledge, house.clock),
            fetch=desk.fetch,
            clock=house.clock,
        )
    )
    return (Loop("knowledge", rounds.step),)
