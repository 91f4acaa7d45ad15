"""Carries out what `identification` decides: points agent devices to estate devices, describes, merges and retires them; sets roles."""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from natvakt_server.domain.estate import DocumentEffect, Row
from natvakt_server.domain.registry import Role
from natvakt_server.domain.roles import RoleEvidence, derive_role, role_of_model
from natvakt_server.store.estate.identification import Decision, Evidence, KnownDevice, recognise
from natvakt_server.store.estate.mapping import rows_from_json, storable
from natvakt_server.store.estate.tables import estate as t

ROLE_KINDS = frozenset({"device", "component", "neighbour", "address", "ipsla", "ups"})
_DESCRIBED = ("vendor", "os", "version", "model", "serial", "engine_id", "base_mac")
_VOICE_HARDWARE = re.compile(r"\b(?:FXS|FXO|PVDM|NIM-[124]MFT|VWIC|BRI-NT|E&M|DSP)", re.IGNORECASE)
_WORDS = re.compile(r"[a-z][a-z-]*")
_GATEWAY_WORDS = frozenset({"router", "firewall"})
_SWITCH_WORDS = frozenset({"switch", "bridge"})
_SWITCH_ROLES = frozenset({Role.ACCESS, Role.DISTRIBUTION, Role.CORE})
_GATEWAY_ROLES = frozenset({Role.ROUTER, Role.WAN_EDGE, Role.FIREWALL, Role.VOICE_GATEWAY})
_HOSTS = re.compile(r"phone|^cp-|^air-|^c91|^sep[0-9a-f]{12}", re.IGNORECASE)  # they switch or bridge, but are no part of the network


@dataclass(frozen=True, slots=True)
class _Description:
    """The one row of a `device` document, made storable."""

    observed_ns: int
    name: str | None
    address: str | None
    columns: Mapping[str, str | None]

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.columns["serial"], self.columns["engine_id"], self.columns["base_mac"])


def settle_identities(
    connection: Connection, tenant: str, site: str, described: Mapping[int, DocumentEffect], new_id: Callable[[], str]
) -> None:
    """`described`: newest `device` documents by agent device row. The site is locked by the caller."""
    for row, document in sorted(described.items(), key=lambda item: (item[1].observed_ns, item[0])):
        if not document.rows:
            continue
        description = _read(document)
        known = _known(connection, tenant, site)
        pointed = connection.execute(select(t.agent_device.c.device_id).where(t.agent_device.c.id == row)).scalar_one()
        decision = recognise(known[pointed], description.evidence, description.name or "", description.address or "", list(known.values()))
        device_id = decision.device or _new_device(connection, tenant, site, description, new_id)
        _carry_out(connection, row, device_id, decision)
        _describe(connection, device_id, description)


def _read(document: DocumentEffect) -> _Description:
    row: Row = document.rows[0] if document.rows else {}
    columns = {name: storable(row.get(name)) for name in _DESCRIBED}
    name = storable(row.get("name")) or storable(row.get("sysName"))
    return _Description(document.observed_ns, name, storable(row.get("poll_address")), columns)


def _known(connection: Connection, tenant: str, site: str) -> dict[str, KnownDevice]:
    query = (
        select(t.device, func.count(t.agent_device.c.id).label("agent_devices"))
        .outerjoin(t.agent_device, t.agent_device.c.device_id == t.device.c.id)
        .where(t.device.c.tenant == tenant, t.device.c.site == site)
        .group_by(t.device.c.id)
    )
    return {row["id"]: _known_device(row) for row in connection.execute(query).mappings()}


def _known_device(row: RowMapping) -> KnownDevice:
    return KnownDevice(
        id=row["id"],
        name=row["name"],
        address=row["address"],
        evidence=Evidence(row["serial"], row["engine_id"], row["base_mac"]),
        first_seen_ns=row["first_seen_ns"],
        last_seen_ns=row["last_seen_ns"],
        described_ns=row["described_ns"],
        replaced_by=row["replaced_by"],
        agent_devices=row["agent_devices"],
    )


def _new_device(connection: Connection, tenant: str, site: str, description: _Description, new_id: Callable[[], str]) -> str:
    device_id = new_id()
    connection.execute(
        insert(t.device).values(
            id=device_id,
            tenant=tenant,
            site=site,
            name=description.name or device_id,
            address=description.address or "",
            role=Role.ACCESS,
            role_overridden=False,
            first_seen_ns=description.observed_ns,
            last_seen_ns=description.observed_ns,
        )
    )
    return device_id


def _carry_out(connection: Connection, row: int, device_id: str, decision: Decision) -> None:
    connection.execute(update(t.agent_device).where(t.agent_device.c.id == row).values(device_id=device_id))
    connection.execute(update(t.device).where(t.device.c.id == device_id, t.device.c.replaced_by.is_not(None)).values(replaced_by=None))
    for absorbed in decision.absorbed:
        _absorb(connection, absorbed, device_id)
    if decision.replaced:
        connection.execute(update(t.device).where(t.device.c.id == decision.replaced).values(replaced_by=device_id))


def _absorb(connection: Connection, loser: str, survivor: str) -> None:
    """Everything that pointed to the loser points to the survivor. A placeholder goes; a described device stays as a signpost."""
    connection.execute(update(t.agent_device).where(t.agent_device.c.device_id == loser).values(device_id=survivor))
    connection.execute(update(t.device).where(t.device.c.replaced_by == loser).values(replaced_by=survivor))
    gone = connection.execute(select(t.device).where(t.device.c.id == loser)).mappings().one()
    kept = connection.execute(select(t.device).where(t.device.c.id == survivor)).mappings().one()
    values: dict[str, object] = {
        "first_seen_ns": min(gone["first_seen_ns"], kept["first_seen_ns"]),
        "last_seen_ns": max(gone["last_seen_ns"], kept["last_seen_ns"]),
    }
    values.update({name: gone[name] for name in _DESCRIBED if kept[name] is None and gone[name] is not None})
    if gone["role_overridden"] and not kept["role_overridden"]:
        values.update(role=gone["role"], role_overridden=True)
    connection.execute(update(t.device).where(t.device.c.id == survivor).values(**values))
    if gone["described_ns"]:
        connection.execute(update(t.device).where(t.device.c.id == loser).values(replaced_by=survivor))
    else:
        connection.execute(delete(t.device).where(t.device.c.id == loser))


def _describe(connection: Connection, device_id: str, description: _Description) -> None:
    """The newest description wins field by field; what it leaves out keeps its old value, what an older one adds fills blanks."""
    kept = connection.execute(select(t.device).where(t.device.c.id == device_id)).mappings().one()
    newest = description.observed_ns >= kept["described_ns"]
    said: dict[str, str | None] = {"name": description.name, "address": description.address, **description.columns}
    undescribed = kept["described_ns"] == 0
    values: dict[str, object] = {
        name: value for name, value in said.items() if value is not None and (newest or kept[name] in {None, ""}) and value != kept[name]
    }
    if undescribed and not description.name and description.address:
        values["name"] = description.address
    values["described_ns"] = max(kept["described_ns"], description.observed_ns)
    values["first_seen_ns"] = min(kept["first_seen_ns"], description.observed_ns)
    connection.execute(update(t.device).where(t.device.c.id == device_id).values(**values))


def settle_roles(connection: Connection, agent_device_rows: Sequence[int]) -> None:
    """Derive the roles of the devices these agent devices point to, from their newest documents; what a person set stays."""
    devices = (
        select(t.device.c.id, t.device.c.os, t.device.c.model, t.device.c.role)
        .join(t.agent_device, t.agent_device.c.device_id == t.device.c.id)
        .where(t.agent_device.c.id.in_(agent_device_rows), ~t.device.c.role_overridden)
        .distinct()
    )
    found = connection.execute(devices).all()
    if not found:
        return
    documents = (
        select(t.agent_device.c.device_id, t.snapshot.c.kind, t.snapshot.c.rows)
        .join(t.agent_device, t.agent_device.c.id == t.snapshot.c.agent_device_id)
        .where(t.agent_device.c.device_id.in_([row.id for row in found]), t.snapshot.c.kind.in_(ROLE_KINDS), t.snapshot.c.rows.is_not(None))
        .order_by(t.snapshot.c.confirmed_ns)
    )
    told = {(device_id, kind): rows_from_json(text) for device_id, kind, text in connection.execute(documents)}
    for device_id, system, model, role in found:
        tables = {kind: told.get((device_id, kind), ()) for kind in ROLE_KINDS}
        derived = derive_role(_role_evidence(system, model, tables))
        if derived != role:
            connection.execute(update(t.device).where(t.device.c.id == device_id).values(role=derived))


def _role_evidence(system: str | None, model: str | None, tables: Mapping[str, Sequence[Row]]) -> RoleEvidence:
    capabilities = {word for row in tables["device"] for word in _words(row.get("capabilities"))}
    parts = " ".join(f"{row.get('model') or ''} {row.get('descr') or ''}" for row in tables["component"])
    if _VOICE_HARDWARE.search(parts):
        capabilities.add("voice")
    if tables["ups"] and system in {None, "unknown"}:  # a server may show the UPS it hangs on
        capabilities.add("ups")
    # A platform that is known says more than capabilities: an LLDP description of a router reads "bridge, router".
    told_least_first = sorted(tables["neighbour"], key=lambda row: role_of_model(str(row.get("remote_platform") or "")) is not None)
    beside = {str(row.get("remote_name")): _neighbour_role(row) for row in told_least_first}
    return RoleEvidence(
        system,
        model,
        frozenset(capabilities),
        switches_beside=sum(role in _SWITCH_ROLES for role in beside.values()),
        gateways_beside=sum(role in _GATEWAY_ROLES for role in beside.values()),
        reaches_outside=bool(tables["ipsla"]) or any(_is_public(row.get("address")) for row in tables["address"]),
    )


def _neighbour_role(row: Row) -> Role | None:
    """What stands beside: by its platform where that is known, else by the capabilities it tells."""
    platform = str(row.get("remote_platform") or "")
    words = _words(row.get("remote_capabilities"))
    bare = platform.lower().removeprefix("cisco").strip()
    if _HOSTS.search(bare) or _HOSTS.search(str(row.get("remote_name") or "")) or "phone" in words or "telephone" in words:
        return None
    known = role_of_model(platform)
    if known is not None:
        return known
    if words & _SWITCH_WORDS:
        return Role.ACCESS
    return Role.ROUTER if words & _GATEWAY_WORDS else None


def _is_public(text: object) -> bool:
    try:
        return ipaddress.ip_address(str(text)).is_global
    except ValueError:
        return False


def _words(value: object) -> set[str]:
    """Capabilities come as a list or as one text: `["router", "switch"]`, `router, switch`."""
    texts = [str(each) for each in value] if isinstance(value, (list, tuple)) else [str(value or "")]
    return {word for text in texts for word in _WORDS.findall(text.lower())}
