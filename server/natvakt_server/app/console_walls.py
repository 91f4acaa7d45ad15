"""The console's ports behind the second wall between customers, where the database has one (`store/estate/row_walls.py`)."""

from collections.abc import Collection
from dataclasses import replace

from natvakt_server.app.house import House
from natvakt_server.app.stores import Stores, stores_over
from natvakt_server.store.estate.row_walls import engine_for, has_walls
from natvakt_server.web.ports import ConsolePorts


def with_second_wall(house: House, whole: ConsolePorts) -> ConsolePorts:
    """A visitor who is limited to some customers reads and writes through it, behind the walls of `web/walls`."""
    engine = house.stores.engine
    if not has_walls(engine):
        return whole

    def narrowed(tenants: Collection[str]) -> ConsolePorts:
        return behind(stores_over(engine_for(engine, tenants), house.new_id), whole)

    return replace(whole, narrowed=narrowed)


def behind(stores: Stores, whole: ConsolePorts) -> ConsolePorts:
    """What holds customers' data, over these stores; what does not stays as it is."""
    return replace(
        whole,
        narrowed=None,
        estate=stores.reader,
        device_history=stores.reader,
        overview=stores.overview,
        search=stores.search,
        assessments=stores.assessments,
        acceptances=stores.acceptances,
        papers=stores.papers,
        report_outbox=stores.report_outbox,
        configurations=stores.configurations,
        agreements=stores.agreements,
        backups=stores.backups,
        expectations=stores.backups,
        events=stores.events,
        incidents=stores.incidents,
        agents=stores.agents,
        agent_sessions=stores.gateway,
        jobs=stores.jobs,
        commands=stores.commands,
        delivery=stores.delivery,
    )
