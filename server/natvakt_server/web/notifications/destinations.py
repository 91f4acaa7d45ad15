"""Destinations: a channel with its settings. Secrets go in and never come out again."""

from collections.abc import Mapping
from dataclasses import replace

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.notification import Kind, Occasion, Severity
from natvakt_server.domain.notifying import TEST, Destination, StoredOccasion
from natvakt_server.notify.channels import CHANNELS
from natvakt_server.notify.port import Channel, SettingsRefused, Target
from natvakt_server.notify.routing import message_to
from natvakt_server.web import tables
from natvakt_server.web.notifications.forms import FormRefused, name_of, number_of, time_of, zone_of
from natvakt_server.web.notifications.queries import destinations_table
from natvakt_server.web.speech import LANGUAGES
from natvakt_server.web.visit import Visit

MOST_DIGEST_MINUTES = 24 * 60
VALUE_CHARACTERS = 4000


def show_all(visit: Visit) -> Response:
    table = destinations_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "destinations")
    return visit.page("notifications/destinations.html", table=table, channels=tuple(CHANNELS))


def show_new(visit: Visit) -> Response:
    channel = visit.argument("channel")
    if channel not in CHANNELS:
        abort(404)
    settings = visit.console.settings
    return form_page(visit, Destination("", "", channel, settings.language, settings.time_zone))


def show_one(visit: Visit, destination_id: str) -> Response:
    return form_page(visit, found(visit, destination_id))


def form_page(visit: Visit, destination: Destination, status: int = 200, refused: FormRefused | None = None) -> Response:
    channel = CHANNELS.get(destination.channel)
    choices = {field.name: [(value, value.upper()) for value in field.choices] for field in channel.fields} if channel else {}
    return visit.page("notifications/destination.html", status, destination=destination, channel=channel, refused=refused, choices=choices)


def add(visit: Visit) -> Response:
    if visit.field("channel") not in CHANNELS:
        abort(400)
    blank = Destination(visit.console.surroundings.new_id(), "", visit.field("channel"), "en", "UTC")
    return save(visit, blank, is_new=True)


def change(visit: Visit, destination_id: str) -> Response:
    return save(visit, found(visit, destination_id), is_new=False)


def save(visit: Visit, before: Destination, *, is_new: bool) -> Response:
    channel = CHANNELS.get(before.channel)
    if channel is None:
        abort(400)
    draft = replace(before, settings=open_settings(visit, channel), enabled=bool(visit.field("enabled")))
    try:
        changed = with_secrets(visit, channel, read(visit, draft))
    except FormRefused as refused:
        return form_page(visit, replace(draft, id="" if is_new else before.id, name=visit.field("name")), 400, refused)
    visit.ports.notifying.settings.put_destination(changed)
    visit.audit(
        "destination-add" if is_new else "destination-change", f"destination:{changed.id}", detail=f"{changed.channel} {changed.name}"
    )
    return visit.go("notifications.destination", destination_id=changed.id)


def read(visit: Visit, draft: Destination) -> Destination:
    """Raises FormRefused."""
    language = visit.field("language")
    if language not in LANGUAGES:
        abort(400)
    quiet = [time_of(visit, name, name.replace("_", "-"), required=False) for name in ("quiet_from", "quiet_until")]
    if bool(quiet[0]) != bool(quiet[1]):
        raise FormRefused("form-both-times", "quiet-from")
    return replace(
        draft,
        name=name_of(visit),
        language=language,
        time_zone=zone_of(visit),
        quiet_from=quiet[0],
        quiet_until=quiet[1],
        digest_minutes=number_of(visit.field("digest_minutes") or "0", "digest-minutes", 0, MOST_DIGEST_MINUTES),
    )


def open_settings(visit: Visit, channel: Channel) -> Mapping[str, str]:
    values = {each.name: visit.field(f"setting-{each.name}").strip()[:VALUE_CHARACTERS] for each in channel.fields if not each.secret}
    return {name: value for name, value in values.items() if value}


def with_secrets(visit: Visit, channel: Channel, draft: Destination) -> Destination:
    """Those written now; where none is written, those that were sealed before stay. Raises FormRefused."""
    given = {each.name: visit.field(f"setting-{each.name}").strip()[:VALUE_CHARACTERS] for each in channel.fields if each.secret}
    given = {name: value for name, value in given.items() if value}
    kept = not given and draft.sealed is not None
    checked = {each.name: each.stand_in for each in channel.fields if each.secret} if kept else given
    try:
        channel.check(Target(draft.settings, "", checked))
    except SettingsRefused as error:
        raise FormRefused(f"setting-{error.problem}", f"setting.{error.field}") from error
    if kept:
        return draft
    sealer = visit.ports.notifying.sealer
    if given and sealer is None:
        raise FormRefused("form-no-key")
    return replace(draft, sealed=sealer.sealed(draft.id, given) if sealer else None)


def test(visit: Visit, destination_id: str) -> Response:
    """A message to each recipient, by the same way as any other; the page shows what came of it."""
    destination, new_id, now_ns = found(visit, destination_id), visit.console.surroundings.new_id, visit.now_ns
    told = Occasion(f"test/{new_id()}", "", "", f"test/{destination.id}", Kind.OPENED, Severity.INFORMATION, now_ns, TEST)
    recipients = CHANNELS[destination.channel].recipients(destination.settings) if destination.channel in CHANNELS else ()
    messages = [message_to(StoredOccasion(0, told), destination, each, now_ns, new_id(), urgent=True) for each in recipients]
    visit.ports.notifying.log.put(told, messages)
    visit.audit("destination-test", f"destination:{destination.id}", detail=destination.name)
    return visit.go("notifications.messages", **{"messages-destination": destination.id})


def remove(visit: Visit, destination_id: str) -> Response:
    destination = found(visit, destination_id)
    visit.ports.notifying.settings.remove_destination(destination.id)
    visit.audit("destination-remove", f"destination:{destination.id}", detail=destination.name)
    return visit.go("notifications.destinations")


def found(visit: Visit, destination_id: str) -> Destination:
    destination = next((each for each in visit.ports.notifying.settings.destinations() if each.id == destination_id), None)
    if destination is None:
        abort(404)
    return destination
