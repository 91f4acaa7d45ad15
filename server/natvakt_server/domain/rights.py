"""Who may do what, and where. Pure: grants in, an answer out; what no grant allows is refused.

A *grant* gives a role over the whole partner, one customer, or one site. Roles are fixed lists of permissions; a person's rights are the
union of what the grants give. A route names the one permission it needs; where it is used comes from the address.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PARTNER, CUSTOMER, SITE = "partner", "customer", "site"


class Role(StrEnum):
    OWNER = "owner"
    ENGINEER = "engineer"  # of the NOC
    CONSULTANT = "consultant"
    SALES = "sales"
    CUSTOMER_ADMINISTRATOR = "customer-administrator"
    CUSTOMER_READER = "customer-reader"


class Permission(StrEnum):
    SEE = "see"  # customers, sites and devices: state, charts, ports, events, alerts, states of backups, availability
    REPORTS = "reports"  # assessments, findings, reports and plans, as files too
    CONFIGURATIONS = "configurations"  # the texts of configurations, as files too
    AGENTS = "agents"  # health, backlog and certificates of agents
    OPERATE = "operate"  # acknowledge, plan maintenance, ask agents: what changes how the NOC works today
    ASSESS = "assess"  # run assessments, accept findings
    SETTINGS = "settings"  # channels, escalation chains, expected schedules: what changes how the NOC works tomorrow
    PEOPLE = "people"  # users, grants, API tokens
    AUDIT = "audit"  # the audit trail, and the server itself


_EVERYTHING = frozenset(Permission)
_CUSTOMERS_OWN = frozenset({Permission.SEE, Permission.REPORTS})
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: _EVERYTHING,
    Role.ENGINEER: _EVERYTHING - {Permission.PEOPLE, Permission.AUDIT},
    Role.CONSULTANT: frozenset({Permission.SEE, Permission.REPORTS, Permission.CONFIGURATIONS, Permission.AGENTS, Permission.ASSESS}),
    Role.SALES: frozenset({Permission.SEE, Permission.REPORTS}),
    Role.CUSTOMER_ADMINISTRATOR: _CUSTOMERS_OWN | {Permission.CONFIGURATIONS, Permission.AGENTS},
    Role.CUSTOMER_READER: _CUSTOMERS_OWN,
}
STAFF = (Role.OWNER, Role.ENGINEER, Role.CONSULTANT, Role.SALES)
OVER: Mapping[Role, tuple[str, ...]] = {
    Role.OWNER: (PARTNER,),
    **dict.fromkeys((Role.ENGINEER, Role.CONSULTANT, Role.SALES), (PARTNER, CUSTOMER, SITE)),
    **dict.fromkeys((Role.CUSTOMER_ADMINISTRATOR, Role.CUSTOMER_READER), (CUSTOMER, SITE)),
}
"""Over what a role can be given: a customer's people never get the partner, and an owner never less."""


class NotGrantable(ValueError):
    """Names the role, the place, and where it can be given."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """`tenant` empty: over the whole partner; `site` empty: over all sites of the customer. Raises NotGrantable."""

    role: Role
    tenant: str = ""
    site: str = ""

    def __post_init__(self) -> None:
        if self.site and not self.tenant:
            raise NotGrantable(f"site {self.site!r} is named without its customer; name both")
        if self.reach not in OVER[self.role]:
            raise NotGrantable(f"{self.role} cannot be given over a {self.reach}; it can over a {' or a '.join(OVER[self.role])}")

    @property
    def reach(self) -> str:
        """partner, customer or site."""
        return SITE if self.site else CUSTOMER if self.tenant else PARTNER

    @property
    def place(self) -> str:
        """`TENANT/SITE`, `TENANT`, or `*` for the whole partner."""
        return f"{self.tenant}/{self.site}" if self.site else self.tenant or "*"


def grant_over(role: str, place: str) -> Grant:
    """From words: `*` or nothing is the whole partner, `TENANT` a customer, `TENANT/SITE` a site. Raises NotGrantable."""
    if role not in {each.value for each in Role}:
        raise NotGrantable(f"{role!r} is no role; the roles are {', '.join(Role)}")
    tenant, _, site = place.strip().partition("/")
    return Grant(Role(role), "" if tenant == "*" else tenant, site)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where one permission holds."""

    everywhere: bool = False
    tenants: frozenset[str] = field(default_factory=frozenset)  # whole customers
    sites: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # single sites of others

    @property
    def is_empty(self) -> bool:
        return not (self.everywhere or self.tenants or self.sites)

    def covers(self, tenant: str) -> bool:
        """The whole customer."""
        return self.everywhere or tenant in self.tenants

    def holds(self, tenant: str, site: str) -> bool:
        """This site, by itself or with its customer."""
        return self.covers(tenant) or (tenant, site) in self.sites

    def touches(self, tenant: str) -> bool:
        """The customer, or at least one site of it."""
        return self.covers(tenant) or any(each == tenant for each, _ in self.sites)

    def shared_with(self, other: "Scope") -> "Scope":
        """What both hold."""
        if self.everywhere or other.everywhere:
            return other if self.everywhere else self
        tenants = self.tenants & other.tenants
        sites = {place for place in self.sites if other.holds(*place)} | {place for place in other.sites if self.holds(*place)}
        return Scope(tenants=tenants, sites=frozenset(sites))

    @property
    def touched(self) -> frozenset[str]:
        """Customers of which at least something is in here; nothing to go by where `everywhere` holds."""
        return self.tenants | {tenant for tenant, _ in self.sites}


EVERYWHERE = Scope(everywhere=True)
NOWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Grants:
    """Everything one person, or one API token, was given."""

    given: tuple[Grant, ...] = ()

    def scope(self, permission: Permission) -> Scope:
        """Where this permission holds."""
        giving = [grant for grant in self.given if permission in PERMISSIONS[grant.role]]
        if any(grant.reach == PARTNER for grant in giving):
            return EVERYWHERE
        tenants = frozenset(grant.tenant for grant in giving if grant.reach == CUSTOMER)
        return Scope(
            tenants=tenants, sites=frozenset((grant.tenant, grant.site) for grant in giving if grant.site and grant.tenant not in tenants)
        )

    def has(self, role: Role) -> bool:
        return any(grant.role is role for grant in self.given)

    @property
    def is_staff(self) -> bool:
        """Somebody of the partner's, over however little."""
        return any(grant.role in STAFF for grant in self.given)


def allows(grants: Grants, permission: Permission, tenant: str = "", site: str = "") -> bool:
    """Over this site; without a site over the whole customer; without both over the whole partner."""
    scope = grants.scope(permission)
    if site:
        return scope.holds(tenant, site)
    return scope.covers(tenant) if tenant else scope.everywhere


def grants_of(given: Iterable[tuple[str, str, str]]) -> Grants:
    """From rows of role, tenant, site. A role this version does not know gives nothing."""
    known = {role.value for role in Role}
    return Grants(tuple(sorted(Grant(Role(role), tenant, site) for role, tenant, site in given if role in known)))
