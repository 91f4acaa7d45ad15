"""Who may do what, and where: nothing that no grant allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.rights import (
    EVERYWHERE,
    NOWHERE,
    OVER,
    PERMISSIONS,
    Grant,
    Grants,
    NotGrantable,
    Permission,
    Role,
    allows,
    grants_of,
)

TENANTS, SITES = ("acme", "beta"), ("hq", "branch")


def every_grant() -> list[Grant]:
    places = [("", ""), *((tenant, "") for tenant in TENANTS), *((tenant, site) for tenant in TENANTS for site in SITES)]
    reaches = ("partner", "customer", "customer", "site", "site", "site", "site")
    return [
        Grant(role, tenant, site) for role in Role for (tenant, site), reach in zip(places, reaches, strict=True) if reach in OVER[role]
    ]


some_grants = st.lists(st.sampled_from(every_grant()), max_size=4).map(lambda given: Grants(tuple(given)))
permissions = st.sampled_from(list(Permission))


@given(permissions)
def test_promise_50_nobody_without_a_grant_may_anything(permission: Permission) -> None:
    assert Grants().scope(permission) == NOWHERE
    for tenant, site in (("", ""), ("acme", ""), ("acme", "hq")):
        assert not allows(Grants(), permission, tenant, site)


@given(some_grants, permissions, st.sampled_from(TENANTS), st.sampled_from(SITES))
def test_promise_50_what_is_allowed_is_given_by_a_grant_that_reaches_there(
    grants: Grants, permission: Permission, tenant: str, site: str
) -> None:
    reaching = [
        grant
        for grant in grants.given
        if permission in PERMISSIONS[grant.role] and grant.tenant in ("", tenant) and grant.site in ("", site)
    ]
    assert allows(grants, permission, tenant, site) == bool(reaching)
    assert allows(grants, permission, tenant) == any(not grant.site for grant in reaching)
    assert allows(grants, permission) == any(not grant.tenant for grant in reaching)


@given(some_grants, permissions, st.sampled_from(every_grant()))
def test_one_more_grant_takes_nothing_away(grants: Grants, permission: Permission, more: Grant) -> None:
    richer = Grants((*grants.given, more))
    for tenant in ("", *TENANTS):
        for site in ("", *(SITES if tenant else ())):
            assert allows(richer, permission, tenant, site) or not allows(grants, permission, tenant, site)


@given(some_grants, permissions)
def test_a_customer_is_touched_exactly_where_it_or_one_of_its_sites_is_held(grants: Grants, permission: Permission) -> None:
    scope = grants.scope(permission)
    for tenant in TENANTS:
        assert scope.touches(tenant) == (scope.covers(tenant) or any(scope.holds(tenant, site) for site in SITES))
        assert scope.everywhere or scope.touches(tenant) == (tenant in scope.touched)


@given(some_grants, some_grants, permissions)
def test_what_two_scopes_share_is_what_both_hold(one: Grants, other: Grants, permission: Permission) -> None:
    first, second = one.scope(permission), other.scope(permission)
    shared = first.shared_with(second)
    for tenant in TENANTS:
        assert shared.covers(tenant) == (first.covers(tenant) and second.covers(tenant))
        assert all(shared.holds(tenant, site) == (first.holds(tenant, site) and second.holds(tenant, site)) for site in SITES)


def test_an_owner_may_everything_everywhere() -> None:
    owner = Grants((Grant(Role.OWNER),))
    assert all(owner.scope(permission) == EVERYWHERE for permission in Permission)


@pytest.mark.parametrize("role", [Role.CUSTOMER_ADMINISTRATOR, Role.CUSTOMER_READER])
def test_a_customers_people_change_nothing(role: Role) -> None:
    assert not PERMISSIONS[role] & {Permission.OPERATE, Permission.ASSESS, Permission.SETTINGS, Permission.PEOPLE, Permission.AUDIT}


@pytest.mark.parametrize(
    ("role", "tenant", "site"),
    [
        (Role.CUSTOMER_READER, "", ""),
        (Role.CUSTOMER_ADMINISTRATOR, "", ""),
        (Role.OWNER, "acme", ""),
        (Role.OWNER, "acme", "hq"),
        (Role.ENGINEER, "", "hq"),
    ],
)
def test_a_role_is_given_only_over_what_it_is_for(role: Role, tenant: str, site: str) -> None:
    with pytest.raises(NotGrantable):
        Grant(role, tenant, site)


def test_a_role_that_is_not_known_gives_nothing() -> None:
    assert grants_of([("superuser", "", ""), ("sales", "acme", "")]) == Grants((Grant(Role.SALES, "acme"),))
