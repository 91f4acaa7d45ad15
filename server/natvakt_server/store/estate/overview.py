"""First screenfuls: every list is one statement, whatever its length."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Engine, RowMapping, Subquery, and_, case, func, or_, select

from natvakt_server.domain.estate import CustomerOverview, SiteOverview
from natvakt_server.domain.identity import AgentState
from natvakt_server.store.estate.mapping import customer_of, site_of
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.tables.assessments import assessment
from natvakt_server.store.estate.tables.identity import agent
from natvakt_server.store.estate.transactions import reading


class SqlEstateOverview:
    """Implements `EstateOverview`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def customers_overview(self, fresh_since_ns: int, tenant: str | None = None) -> Sequence[CustomerOverview]:
        """By tenant."""
        devices = _devices([t.device.c.tenant], fresh_since_ns)
        agents = _agents([agent.c.tenant], fresh_since_ns)
        sites = select(t.site.c.tenant, func.count().label("sites")).group_by(t.site.c.tenant).subquery("sites")
        newest = _newest_assessments()
        query = (
            select(t.customer, devices, agents, sites, newest)
            .outerjoin(devices, devices.c.tenant == t.customer.c.tenant)
            .outerjoin(agents, agents.c.tenant == t.customer.c.tenant)
            .outerjoin(sites, sites.c.tenant == t.customer.c.tenant)
            .outerjoin(newest, and_(newest.c.tenant == t.customer.c.tenant, newest.c.place == 1))
            .order_by(t.customer.c.tenant)
        )
        if tenant is not None:
            query = query.where(t.customer.c.tenant == tenant)
        return reading(self._engine, lambda c: [_customer_overview(row) for row in c.execute(query).mappings()])

    def sites_overview(self, tenant: str, fresh_since_ns: int) -> Sequence[SiteOverview]:
        """By site."""
        devices = _devices([t.device.c.tenant, t.device.c.site], fresh_since_ns)
        agents = _agents([agent.c.tenant, agent.c.site], fresh_since_ns)
        query = (
            select(t.site, devices, agents)
            .outerjoin(devices, and_(devices.c.tenant == t.site.c.tenant, devices.c.site == t.site.c.site))
            .outerjoin(agents, and_(agents.c.tenant == t.site.c.tenant, agents.c.site == t.site.c.site))
            .where(t.site.c.tenant == tenant)
            .order_by(t.site.c.site)
        )
        return reading(self._engine, lambda c: [_site_overview(row) for row in c.execute(query).mappings()])


def _devices(by: Sequence[ColumnElement[str]], fresh_since_ns: int) -> Subquery:
    seen = t.device.c.last_seen_ns
    counted = (
        func.count().label("devices"),
        func.sum(case((and_(seen > 0, seen < fresh_since_ns), 1), else_=0)).label("stale_devices"),
        func.sum(case((seen == 0, 1), else_=0)).label("silent_devices"),
    )
    listed = and_(t.device.c.replaced_by.is_(None), or_(t.device.c.described_ns > 0, seen > 0))
    return select(*by, *counted).where(listed).group_by(*by).subquery("devices")


def _agents(by: Sequence[ColumnElement[str]], fresh_since_ns: int) -> Subquery:
    counted = (
        func.count().label("agents"),
        func.sum(case((agent.c.last_seen_ns < fresh_since_ns, 1), else_=0)).label("silent_agents"),
        func.max(agent.c.last_seen_ns).label("agent_seen_ns"),
    )
    return select(*by, *counted).where(agent.c.state != AgentState.REVOKED).group_by(*by).subquery("agents")


def _newest_assessments() -> Subquery:
    columns = assessment.c
    order = (columns.made_ns.desc(), columns.id.desc())
    return select(
        columns.tenant,
        columns.id.label("assessment_id"),
        columns.made_ns.label("assessed_ns"),
        columns.scores,
        columns.coverage,
        columns.counts,
        func.lead(columns.scores).over(partition_by=columns.tenant, order_by=order).label("previous_scores"),
        func.row_number().over(partition_by=columns.tenant, order_by=order).label("place"),
    ).subquery("newest")


def _customer_overview(row: RowMapping) -> CustomerOverview:
    return CustomerOverview(
        customer=customer_of(row),
        sites=row["sites"] or 0,
        devices=row["devices"] or 0,
        stale_devices=row["stale_devices"] or 0,
        silent_devices=row["silent_devices"] or 0,
        agents=row["agents"] or 0,
        silent_agents=row["silent_agents"] or 0,
        assessment_id=row["assessment_id"],
        assessed_ns=row["assessed_ns"],
        scores=_by_level(row["scores"]),
        coverage=_by_level(row["coverage"]),
        counts=json.loads(row["counts"] or "{}"),
        previous_scores=_by_level(row["previous_scores"]),
    )


def _site_overview(row: RowMapping) -> SiteOverview:
    return SiteOverview(
        site=site_of(row),
        devices=row["devices"] or 0,
        stale_devices=row["stale_devices"] or 0,
        silent_devices=row["silent_devices"] or 0,
        agents=row["agents"] or 0,
        silent_agents=row["silent_agents"] or 0,
        agent_seen_ns=row["agent_seen_ns"] or None,
    )


def _by_level(text: str | None) -> Mapping[str, float | None]:
    levels: Mapping[str, float | None] = json.loads(text) if text else {}
    return levels
