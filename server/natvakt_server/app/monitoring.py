"""Monitoring as a part of the worker."""

from natvakt_server.app.house import House
from natvakt_server.app.services import Loop, Part
from natvakt_server.jobs.monitoring import Watch, WatchParts


def monitoring_part(house: House) -> Part:
    stores = house.stores
    parts = WatchParts(stores.incident_writer, stores.incidents, stores.reader, stores.agents, house.clock, house.new_id)
    return Loop("monitoring", Watch(parts).step)
