"""How devices name each other over CDP and LLDP: the same device under a host name, a full name, or `name(serial)`."""


def host_part(name: str) -> str:
    """What two spellings of one device's name share: without CDP's `(serial)`, without the domain; an IPv4 address stays whole."""
    whole = name.split("(", maxsplit=1)[0].strip().casefold()
    return whole if whole.replace(".", "").isdecimal() else whole.split(".", maxsplit=1)[0].strip()
