"""The map of a site: who is joined with whom, by cable or by network, and the same as a table."""

from collections.abc import Mapping, Sequence

import msgspec
from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.estate import Device, Site
from natvakt_server.domain.incidents import Incident
from natvakt_server.domain.notification import Severity
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.conditions import seen_state
from natvakt_server.web.map.graph import Graph, Link, by_cable, by_network
from natvakt_server.web.map.words import WORDS
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.states import State
from natvakt_server.web.tables import Column, Row, Table, arrange
from natvakt_server.web.visit import Visit

CABLES, NETWORKS = "cables", "networks"
COLUMNS = (
    Column("state", "state"),
    Column("one", "map-one-end"),
    Column("near", "map-there"),
    Column("other", "map-other-end"),
    Column("far", "map-there"),
)


def show(visit: Visit, tenant: str, site: str) -> Response:
    customer, known = visit.customer(tenant), _site(visit, tenant, site)
    devices = visit.ports.estate.devices(tenant, site)
    layer, drawn, states = _layer(visit), _graph(visit, tenant, site, devices), _states(visit, tenant, site, devices)
    table = _table(visit, tenant, drawn, states)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-{site}-{layer}")
    return visit.page("map/map.html", customer=customer, site=known, table=table, layer=layer, graph=drawn)


def data(visit: Visit, tenant: str, site: str) -> Response:
    """What the page's script draws: nodes with their place, word and state, and links with what stands at their ends."""
    _site(visit, tenant, site)
    devices = visit.ports.estate.devices(tenant, site)
    states = _states(visit, tenant, site, devices)
    drawn = _graph(visit, tenant, site, devices).gathered(lambda count: visit.speech("map-gathered", count=count))
    places = drawn.places()
    nodes = [
        {
            "id": node.key,
            "label": node.label,
            "kind": node.kind,
            "state": states.get(node.device, State.NOT_OBSERVED) if node.device else "",
            "href": visit.url("devices.show", tenant=tenant, device_id=node.device) if node.device else None,
            "x": places[node.key][0],
            "y": places[node.key][1],
        }
        for node in drawn.nodes
    ]
    links = [{"source": each.source, "target": each.target, "near": each.near, "far": each.far} for each in drawn.links]
    return Response(msgspec.json.encode({"nodes": nodes, "links": links}), mimetype="application/json")


def _layer(visit: Visit) -> str:
    return NETWORKS if visit.argument("layer") == NETWORKS else CABLES


def _graph(visit: Visit, tenant: str, site: str, devices: Sequence[Device]) -> Graph:
    if _layer(visit) == NETWORKS:
        return by_network(devices, visit.ports.estate.site_rows(tenant, site, ["address"])["address"])
    return by_cable(devices, visit.ports.estate.site_rows(tenant, site, ["neighbour"])["neighbour"])


def _states(visit: Visit, tenant: str, site: str, devices: Sequence[Device]) -> Mapping[str, State]:
    """Of each device: whether it is seen, and whether an open incident has it as its cause."""
    causes = {each.device: each for each in visit.ports.incidents.open_incidents(tenant) if each.site == site and each.device}
    return {device.id: _state(device, causes, visit.now_ns) for device in devices}


def _state(device: Device, causes: Mapping[str, Incident], now_ns: int) -> State:
    incident = causes.get(device.id)
    if incident is None:
        return seen_state(device, now_ns)
    return State.CRITICAL if incident.severity is Severity.CRITICAL else State.WARNING


def _table(visit: Visit, tenant: str, drawn: Graph, states: Mapping[str, State]) -> Table:
    nodes = {node.key: node for node in drawn.nodes}

    def row(link: Link) -> Row:
        source, target = nodes[link.source], nodes[link.target]
        worst = min((states[node.device] for node in (source, target) if node.device in states), key=lambda state: state.rank)
        ends = {
            name: tables.plain(node.label, visit.url("devices.show", tenant=tenant, device_id=node.device) if node.device else None)
            for name, node in (("one", source), ("other", target))
        }
        return Row({"state": tables.state(visit, worst), **ends, "near": tables.plain(link.near), "far": tables.plain(link.far)})

    return arrange(visit, "links", COLUMNS, [row(link) for link in drawn.links], "one")


def _site(visit: Visit, tenant: str, site: str) -> Site:
    found = next((each for each in visit.ports.estate.sites(tenant) if each.site == site), None)
    if found is None:
        abort(404)
    return found


SCREEN = Screen(
    name="map",
    words=WORDS,
    routes=(
        get("map.show", "/customers/<tenant>/sites/<site>/map", show, permission=Permission.SEE),
        get("map.data", "/customers/<tenant>/sites/<site>/map.json", data, permission=Permission.SEE),
    ),
)
