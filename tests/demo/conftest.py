"""The whole site, built once."""

from collections.abc import Mapping

import pytest
from demo.device import SimulatedDevice
from demo.site import build_devices
from testkit.demo_site import EPOCH_NS


@pytest.fixture(scope="session")
def site() -> Mapping[str, SimulatedDevice]:
    """Every device by name."""
    return build_devices(EPOCH_NS)
