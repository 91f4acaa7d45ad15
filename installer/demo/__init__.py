"""A simulated customer site: fourteen devices that answer real SNMP on loopback, with planted faults and near misses."""
