"""Fixtures every part may use, and the rule that CI may not skip for want of a real part."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, print_blob=True)
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.skipped and os.environ.get("NATVAKT_REQUIRE_SERVICES") == "1" and call.excinfo is not None:
        report.outcome = "failed"
        report.longrepr = f"skipping is not allowed here (NATVAKT_REQUIRE_SERVICES=1): {call.excinfo.value}"
    return report
