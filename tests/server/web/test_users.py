"""People are managed by owners, with one-time links, and nobody locks oneself out."""

import re

import pytest
from testkit.console import Browser, ConsoleHouse

ADD = "/administration/users"


def fields(name: str = "nina", role: str = "engineer", language: str = "sv") -> dict[str, str]:
    return {"name": name, "display_name": "Nina Ny", "role": role, "language": language}


def test_an_owner_adds_a_person_and_is_shown_the_link_once(house: ConsoleHouse, owner: Browser, stranger: Browser) -> None:
    answer = owner.post(ADD, fields())
    link = re.search(r"<code>https://console\.example:8443(/welcome/[\w-]+)</code>", answer.text)
    assert link
    assert "Välkommen, Nina Ny" in stranger.get(link[1], **{"Accept-Language": "sv"}).text
    assert link[1] not in owner.get(ADD).text
    assert house.audited("user-add") == [("user:olga", "user:nina", "ok")]


def test_the_links_token_is_not_stored(house: ConsoleHouse, owner: Browser) -> None:
    link = re.search(r"/welcome/([\w-]+)", owner.post(ADD, fields()).text)
    assert link
    with house.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    assert link[1] not in dump


def test_a_name_that_is_taken_is_refused(house: ConsoleHouse, owner: Browser) -> None:
    answer = owner.post(ADD, fields("ERIK"))
    assert answer.status_code == 409
    assert "is there already" in answer.text
    assert len(house.accounts.users()) == 2


@pytest.mark.parametrize("name", ["", "   ", "two words", "x" * 81, "tab\tbed", "nul\x00"])
def test_a_name_that_will_not_do_is_refused(house: ConsoleHouse, owner: Browser, name: str) -> None:
    assert owner.post(ADD, fields(name)).status_code == 400
    assert len(house.accounts.users()) == 2


@pytest.mark.parametrize(("role", "language"), [("root", "sv"), ("", "sv"), ("engineer", "xx")])
def test_promise_53_a_role_or_language_that_does_not_exist_cannot_be_given(
    house: ConsoleHouse, owner: Browser, role: str, language: str
) -> None:
    assert owner.post(ADD, fields(role=role, language=language)).status_code == 400
    assert len(house.accounts.users()) == 2


def test_promise_53_fields_the_form_does_not_have_change_nothing(house: ConsoleHouse, owner: Browser) -> None:
    owner.post(ADD, {**fields(), "disabled": "1", "password_hash": "x", "totp_sealed": "y", "id": "mine"})
    made = house.accounts.user_by_name("nina")
    assert made is not None
    assert (made.disabled, made.password_hash, made.totp_sealed, made.id == "mine") == (False, None, None, False)


@pytest.mark.parametrize("action", ["disable", "enable", "reset", "role"])
def test_an_engineer_may_not_manage_people(house: ConsoleHouse, engineer: Browser, action: str) -> None:
    assert engineer.post(f"/administration/users/{house.owner.id}/{action}", {"role": "engineer"}).status_code == 403
    assert house.accounts.user(house.owner.id) == house.owner
    assert house.audited("role-refused") == [("user:erik", f"administration.{action}", "refused")]


@pytest.mark.parametrize("action", ["disable", "reset", "role"])
def test_an_owner_cannot_take_ones_own_rights_away(house: ConsoleHouse, owner: Browser, action: str) -> None:
    assert owner.post(f"/administration/users/{house.owner.id}/{action}", {"role": "engineer"}).status_code == 403
    assert house.accounts.user(house.owner.id) == house.owner


@pytest.mark.parametrize("action", ["disable", "enable", "reset", "role"])
def test_a_person_who_does_not_exist_is_not_found(owner: Browser, action: str) -> None:
    assert owner.post(f"/administration/users/nobody/{action}", {"role": "owner"}).status_code == 404


def test_resetting_takes_password_and_code_away_and_gives_a_link(house: ConsoleHouse, owner: Browser) -> None:
    answer = owner.post(f"/administration/users/{house.engineer.id}/reset")
    assert "/welcome/" in answer.text
    user = house.accounts.user(house.engineer.id)
    assert user is not None
    assert (user.password_hash, user.totp_sealed) == (None, None)


@pytest.mark.parametrize("role", ["owner", "consultant", "sales", "", "engineer"])
def test_the_role_over_all_customers_is_changed(house: ConsoleHouse, owner: Browser, role: str) -> None:
    assert owner.post(f"/administration/users/{house.engineer.id}/role", {"role": role}).status_code == 303
    changed = house.accounts.user(house.engineer.id)
    assert changed is not None
    assert changed.role == role


@pytest.mark.parametrize("role", ["god", "customer-reader", "customer-administrator"])
def test_a_role_that_is_not_for_all_customers_is_refused(house: ConsoleHouse, owner: Browser, role: str) -> None:
    assert owner.post(f"/administration/users/{house.engineer.id}/role", {"role": role}).status_code == 400
    assert house.accounts.user(house.engineer.id) == house.engineer


def test_customers_and_sites_are_given_and_taken(house: ConsoleHouse, owner: Browser) -> None:
    where = f"/administration/users/{house.engineer.id}"
    assert owner.post(f"{where}/grants", {"role": "customer-reader", "place": "beta  acme/hq"}).status_code == 303
    changed = house.accounts.user(house.engineer.id)
    assert changed is not None
    assert {grant.place for grant in changed.given} == {"beta", "acme/hq"}
    page = owner.get(where).text
    assert "Customer reader: acme/hq" in page
    assert "Customer reader: beta" in owner.get(ADD).text
    assert owner.post(f"{where}/grants/taken", {"role": "customer-reader", "place": "beta"}).status_code == 303
    changed = house.accounts.user(house.engineer.id)
    assert changed is not None
    assert [grant.place for grant in changed.given] == ["acme/hq"]
    assert house.audited("grant-give") == [("user:olga", "user:erik", "ok")] * 2
    assert house.audited("grant-take") == [("user:olga", "user:erik", "ok")]


@pytest.mark.parametrize(
    ("role", "place", "said"),
    [
        ("customer-reader", "", "cannot be given there"),
        ("engineer", "", "Name a customer or a site"),
        ("engineer", "acme *", "Name a customer or a site"),
        ("owner", "acme", "cannot be given there"),
        ("god", "acme", "cannot be given there"),
        ("sales", "gamma", "no such customer"),
        ("sales", "acme/attic", "no such site"),
        ("sales", "/hq", "cannot be given there"),
    ],
)
def test_what_cannot_be_given_is_refused_with_the_reason(house: ConsoleHouse, owner: Browser, role: str, place: str, said: str) -> None:
    answer = owner.post(f"/administration/users/{house.engineer.id}/grants", {"role": role, "place": place})
    assert answer.status_code == 400
    assert said in answer.text
    assert house.accounts.user(house.engineer.id) == house.engineer


def test_a_customers_person_is_added_with_what_is_theirs(house: ConsoleHouse, owner: Browser) -> None:
    assert "/welcome/" in owner.post(ADD, {**fields(role="customer-administrator"), "place": "acme"}).text
    made = house.accounts.user_by_name("nina")
    assert made is not None
    assert (made.role, [(grant.role, grant.place) for grant in made.given]) == ("", [("customer-administrator", "acme")])


def test_the_list_says_who_has_not_set_a_password(house: ConsoleHouse, owner: Browser) -> None:
    house.add_user("nina", "engineer", password_hash=None, totp_sealed=None)
    assert "Has not set a password" in owner.get(ADD).text


def test_the_audit_trail_is_shown_to_owners_and_exported(house: ConsoleHouse, owner: Browser, engineer: Browser) -> None:
    owner.post(ADD, fields())
    page = owner.get("/administration/audit").text
    assert "user-add" in page
    assert "user:nina" in page
    exported = owner.get("/administration/audit?csv=audit")
    assert exported.mimetype == "text/csv"
    assert engineer.get("/administration/audit").status_code == 403


def test_the_page_of_the_server_names_partner_and_times(owner: Browser) -> None:
    page = owner.get("/administration/partner").text
    assert "uses data from the NVD API but is not endorsed or certified by the NVD" in page  # as NVD asks to show
    assert "Norrsken Nät AB" in page
    assert "12\u00a0h" in page
