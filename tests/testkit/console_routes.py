"""Every route of the console, with a path to try it by."""

from natvakt_server.web.routing import Route
from natvakt_server.web.screens import SCREENS

ROUTES = [route for screen in SCREENS for route in screen.routes]
VALUES = {
    "tenant": "acme",
    "site": "hq",
    "device_id": "nothing",
    "assessment_id": "nothing",
    "finding_id": "nothing",
    "format": "json",
    "job_id": "nothing",
    "agent_id": "nothing",
    "user_id": "nobody",
    "token": "made-up",
    "token_id": "nothing",
    "passkey_id": "00",
    "chart": "cpu",
    "version": "1",
    "incident_id": "nothing",
    "maintenance_id": "nothing",
    "destination_id": "nothing",
    "rule_id": "nothing",
    "chain_id": "nothing",
    "calendar_id": "nothing",
}


def path_of(route: Route, **values: str) -> str:
    path = route.path
    for name, value in {**VALUES, **values}.items():
        path = path.replace(f"<{name}>", value)
    assert "<" not in path, f"{route.path}: a value is missing in this test"
    return path
