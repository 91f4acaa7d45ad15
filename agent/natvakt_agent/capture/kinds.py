"""What an object holds, as far as anonymising is concerned."""

from enum import StrEnum


class Kind(StrEnum):
    # Texts.
    TECHNICAL = "technical"  # models, versions, states: kept, but for what is known to be somebody's
    COMMAND = "command"  # lines of commands: as technical texts, but a number in four parts is an address
    LABEL = "description"  # words people chose among ordinary ones: these stay, the others are replaced
    NAME = "name"
    PLACE = "location"
    CONTACT = "contact"
    USER = "user"
    SSID = "ssid"
    PHONE = "phone-number"
    SERIAL = "serial-number"
    COMMUNITY = "community"
    # Octets.
    ADDRESS = "address"
    MAC = "mac-address"
    IDENTIFIER = "identifier"  # a MAC, an address or a name, as its length tells
    BRIDGE = "bridge-identifier"  # priority and MAC
    ENGINE = "engine-id"
    SECRET = "secret"  # noqa: S105  (keys and hashes: drawn anew)
    KEPT = "kept"  # bits, times, maps
    # Numbers.
    AS_NUMBER = "as-number"
    # Nothing is known of it.
    UNLISTED = "unlisted"


REPLACED_WHOLE = frozenset((Kind.NAME, Kind.PLACE, Kind.CONTACT, Kind.USER, Kind.SSID, Kind.PHONE, Kind.SERIAL, Kind.COMMUNITY))
"""Texts of which every word is replaced, and which are looked for in all other texts."""

NAMES = frozenset((Kind.NAME, Kind.LABEL, Kind.SSID))
"""What a person may choose to keep."""


class Part(StrEnum):
    """A piece of an index (RFC 2578, 7.7)."""

    NUMBER = "number"
    V4 = "v4"  # IpAddress: four sub-identifiers
    MAC = "mac"  # six
    TYPED_ADDRESS = "typed-address"  # InetAddressType, length, InetAddress (RFC 4001)
    ADDRESS = "address"  # length and address
    NAME = "name"  # length and text, as all that follow
    USER = "user"
    COMMUNITY = "community"
    SSID = "ssid"
    ENGINE = "engine"
    OID = "oid"  # length and as many sub-identifiers, kept
    NAME_TO_END = "name-to-end"  # an IMPLIED text


KIND_OF_PART = {
    Part.NAME: Kind.NAME,
    Part.NAME_TO_END: Kind.NAME,
    Part.USER: Kind.USER,
    Part.COMMUNITY: Kind.COMMUNITY,
    Part.SSID: Kind.SSID,
    Part.ENGINE: Kind.ENGINE,
    Part.ADDRESS: Kind.ADDRESS,
}
