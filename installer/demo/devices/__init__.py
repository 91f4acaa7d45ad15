"""One module per device (or per pair of alike ones): `build(world, identities) -> SimulatedDevice`."""
