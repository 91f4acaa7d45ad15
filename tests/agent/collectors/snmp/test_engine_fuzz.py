"""Promise 28: 100,000 mutated answers to both engines, in four parts. `make fuzz` does as many as wanted."""

import pytest
from fuzz.snmp_engines import quiet_panics, run

PARTS, CASES_EACH = 4, 25_000


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_promise_28_mutated_answers_are_values_or_typed_faults(part: int) -> None:
    with quiet_panics():
        tally = run(28, part * CASES_EACH, CASES_EACH, lambda _: None)
    assert tally.unhandled == []
    assert tally.cases == CASES_EACH
    values = {outcome.removesuffix(": values") for outcome in tally.outcomes if outcome.endswith(": values")}
    assert {"pysnmp v1", "pysnmp v2c", "pysnmp v3 inside", "gufo v2c", "gufo v3"} <= values  # some stay whole: all were asked
