"""A thousand configurations full of secrets that nobody has told the scrubber of."""

from collections import Counter
from random import Random

import pytest
from natvakt_agent.scrubbing.equality import SiteKey
from natvakt_agent.scrubbing.scrubber import Scrubber
from testkit.canaries import generate, leaks
from testkit.secret_pieces import pieces

CONFIGURATIONS = 1000
SYSTEMS = ("ios", "ios-xe", "nx-os", "asa", "ios-xr", "aireos", "small-business")
READABLE = 0.9


@pytest.mark.parametrize("os", SYSTEMS)
def test_promise_58_no_canary_leaves_and_ordinary_lines_stay_readable(os, capsys):
    own, key = pieces()[os], SiteKey(b"k" * 32)
    kept = lines = secrets = 0
    for seed in range(CONFIGURATIONS // len(SYSTEMS) + 1):
        made = generate(Random(f"{os} {seed}"), os, own)
        scrubbed = Scrubber(key, made.vault).scrub(made.text, os)
        assert scrubbed.text is not None, (seed, scrubbed.doubtful)
        assert leaks(scrubbed.text, made.canaries) == [], seed
        assert len(scrubbed.text.split("\n")) == len(made.text.split("\n"))
        left = Counter(scrubbed.text.split("\n"))
        kept += sum(left[line] > 0 for line in made.ordinary)
        lines += len(made.ordinary)
        secrets += len(made.canaries)
    with capsys.disabled():
        print(f"\n{os}: {secrets} canaries, none left; {kept / lines:.1%} of {lines} ordinary lines as they were")
    assert kept >= READABLE * lines


def test_the_search_for_leaks_finds_every_canary_before_scrubbing():
    made = generate(Random(1), "ios", pieces()["ios"])
    assert leaks(made.text, made.canaries) == list(made.canaries)
