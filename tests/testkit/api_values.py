"""Something of everything the API shows, and where it is."""

from testkit.console import ConsoleHouse


def examples(house: ConsoleHouse) -> dict[str, str]:
    """Values for every path, and under `OPERATION?` the arguments an operation cannot do without. All of it is acme's."""
    device_id = house.add_switch()
    return {"customer": "acme", "site": "hq", "device": device_id}
