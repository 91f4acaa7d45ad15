"""Makes the recordings of whole device families from the MIBs. Nothing in them is taken from a device."""
