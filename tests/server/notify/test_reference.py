"""The page on notifications says what the code does."""

import re
from pathlib import Path

from natvakt_server.notify.channels import ALL
from natvakt_server.notify.channels.sms import MOST_CHARACTERS
from natvakt_server.notify.channels.ticket import PLACE
from natvakt_server.notify.composing import MOST_LINES
from natvakt_server.notify.pacing import BURST, BURST_OF_INCIDENTS
from natvakt_server.notify.retrying import NOTICES

PAGE = (Path(__file__).parents[3] / "docs/reference/notifications.md").read_text("utf-8")


def test_every_channel_stands_there_with_its_fields_and_which_are_secret():
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    fields = {channel.name: [f"*`{each.name}`*" if each.secret else f"`{each.name}`" for each in channel.fields] for channel in ALL}
    assert {name: row.strip().split(", ") for name, row in rows.items()} == fields


def test_the_figures_are_those_of_the_code():
    assert f"at most {BURST} messages a minute" in PAGE
    assert f"the {MOST_LINES} worst" in PAGE
    assert f"{BURST_OF_INCIDENTS} a minute" in PAGE
    assert f"{MOST_CHARACTERS} characters at most" in PAGE
    assert f"after {NOTICES.life_seconds / 3600:.0f} hours" in PAGE
    assert NOTICES.waits_seconds == (10, 30, 60, 120, 300, 600, 1800)
    places = re.findall(r"\{(\w+)\}", PAGE)
    assert set(places) == set(re.findall(r"\w+", PLACE.pattern))
