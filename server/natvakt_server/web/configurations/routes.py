"""A device's configurations: versions, one text, what differs, and the text as a file.

Texts are scrubbed at the site, and still tell more of a customer than any other page: only who runs the network may see them, and every
look at one is in the audit trail.
"""

import re
from datetime import UTC, datetime

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.configuration.history import ConfigurationVersion
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.configurations.queries import (
    History,
    compared,
    look,
    numbered,
    text_of,
    verdict_condition,
    verdict_on,
    versions_table,
)
from natvakt_server.web.configurations.words import WORDS
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.visit import Visit

VIEWS = ("side", "unified")
_UNFIT_FOR_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def show_all(visit: Visit, tenant: str, device_id: str) -> Response:
    history = look(visit, tenant, device_id)
    table = versions_table(visit, history)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-configurations")
    newest = history.now.running
    verdict = verdict_on(visit, history, newest, text_of(visit, history, newest)) if newest else None
    return visit.page(
        "configurations/history.html",
        history=history,
        table=table,
        verdict=verdict,
        judged=verdict_condition(verdict) if verdict else None,
    )


def show(visit: Visit, tenant: str, device_id: str, version: str) -> Response:
    history = look(visit, tenant, device_id)
    wanted = history.version(version)
    text = _read(visit, history, wanted, "configuration-read")
    verdict = verdict_on(visit, history, wanted, text)
    lines, count = numbered(text)
    return visit.page(
        "configurations/text.html",
        history=history,
        version=wanted,
        before=history.before.get(wanted.id),
        author=history.authors.get(wanted.id),
        verdict=verdict,
        judged=verdict_condition(verdict),
        lines=lines,
        count=count,
    )


def compare(visit: Visit, tenant: str, device_id: str, version: str) -> Response:
    """With the version before it, or the one the address names in `with`."""
    history = look(visit, tenant, device_id)
    new = history.version(version)
    asked = visit.argument("with")
    old = history.version(asked) if asked else history.before.get(new.id)
    if old is None:
        abort(404)
    view = visit.argument("view", VIEWS[0])
    comparison = compared(_read(visit, history, old, "configuration-read"), _read(visit, history, new, "configuration-read"))
    return visit.page(
        "configurations/difference.html",
        history=history,
        old=old,
        new=new,
        comparison=comparison,
        view=view if view in VIEWS else VIEWS[0],
        views=VIEWS,
        author=history.authors.get(new.id),
    )


def download(visit: Visit, tenant: str, device_id: str, version: str) -> Response:
    history = look(visit, tenant, device_id)
    wanted = history.version(version)
    text = _read(visit, history, wanted, "configuration-download")
    seen = datetime.fromtimestamp(wanted.last_observed_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%SZ")
    name = _UNFIT_FOR_A_NAME.sub("_", history.device.name).strip("._") or "device"
    return visit.download(text.encode("utf-8"), "text/plain; charset=utf-8", f"{name}-{wanted.source}-{seen}.txt")


def _read(visit: Visit, history: History, version: ConfigurationVersion, action: str) -> str:
    """The text; who asked for it is written down."""
    subject, detail = f"device:{history.device.id}", f"{version.source} {version.id}"
    visit.audit(action, subject, detail=detail, tenant=history.device.tenant)
    return text_of(visit, history, version)


PLACE = "/customers/<tenant>/devices/<device_id>/configurations"
SCREEN = Screen(
    name="configurations",
    words=WORDS,
    routes=(
        get("configurations.list", PLACE, show_all, permission=Permission.CONFIGURATIONS),
        get("configurations.show", f"{PLACE}/<version>", show, permission=Permission.CONFIGURATIONS),
        get("configurations.difference", f"{PLACE}/<version>/difference", compare, permission=Permission.CONFIGURATIONS),
        get("configurations.download", f"{PLACE}/<version>/text", download, permission=Permission.CONFIGURATIONS),
    ),
)
