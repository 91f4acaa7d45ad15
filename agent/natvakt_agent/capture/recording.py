"""What a device answered, and the text it is kept as: one object a line, `OID|TAG|VALUE`.

TAG is the ASN.1 tag number (2 INTEGER, 4 OCTET STRING, 6 OBJECT IDENTIFIER, 64 IpAddress, 65 Counter32, 66 Gauge32, 67 TimeTicks,
68 Opaque, 70 Counter64), with `x` behind it when VALUE is hexadecimal; `\\n` in text is a line break. Lines that begin with `#` are
remarks.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Oid = tuple[int, ...]
Value = int | str | bytes | None

INTEGER, OCTETS, NULL, OBJECT_ID, IP_ADDRESS, COUNTER, GAUGE, TICKS, OPAQUE, COUNTER64 = 2, 4, 5, 6, 64, 65, 66, 67, 68, 70
TAGS = frozenset((INTEGER, OCTETS, NULL, OBJECT_ID, IP_ADDRESS, COUNTER, GAUGE, TICKS, OPAQUE, COUNTER64))


class RecordingDamaged(ValueError):
    """A line that is no object; says which and why."""


@dataclass(frozen=True, slots=True)
class Varbind:
    """`value` by tag: `bytes` of OCTET STRING and Opaque, dotted `str` of OBJECT IDENTIFIER and IpAddress, None of NULL, else `int`."""

    oid: Oid
    tag: int
    value: Value


@dataclass(frozen=True, slots=True)
class Recording:
    """`context`: the VLAN whose bridge this is; None for the device itself."""

    varbinds: Sequence[Varbind]
    remarks: Sequence[str] = ()
    context: str | None = None


def oid_of(text: str) -> Oid:
    """Raises ValueError."""
    return tuple(int(part) for part in text.strip(".").split("."))


def dotted(oid: Oid) -> str:
    return ".".join(map(str, oid))


def written(recording: Recording) -> str:
    """The recording as a file's text; objects in lexicographic order."""
    lines = [f"# {remark}" for remark in recording.remarks]
    lines += (_line(varbind) for varbind in sorted(recording.varbinds, key=lambda varbind: varbind.oid))
    return "\n".join(lines) + "\n"


def _line(varbind: Varbind) -> str:
    value = varbind.value
    if isinstance(value, bytes):
        shown = _plain(value)
        return (
            f"{dotted(varbind.oid)}|{varbind.tag}|{shown}" if shown is not None else f"{dotted(varbind.oid)}|{varbind.tag}x|{value.hex()}"
        )
    return f"{dotted(varbind.oid)}|{varbind.tag}|{'' if value is None else value}"


def _plain(octets: bytes) -> str | None:
    """Octets as text that is read back as the same; None where they have to be written in hexadecimal."""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return None
    shown = text.replace("\n", "\\n")
    if "\\n" in text or shown != shown.strip() or not shown.isprintable():
        return None
    return shown


def read(text: str) -> Recording:
    """Raises RecordingDamaged."""
    lines = text.splitlines()
    remarks = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    return Recording(list(_read_lines(lines)), remarks)


def _read_lines(lines: Iterable[str]) -> Iterator[Varbind]:
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            oid, tag, value = line.strip().split("|", 2)
            yield Varbind(oid_of(oid), int(tag.removesuffix("x")), _value(int(tag.removesuffix("x")), value, tag.endswith("x")))
        except ValueError as error:
            raise RecordingDamaged(f"line {number}: {line[:60]!r} is not OID|TAG|VALUE: {error}") from error


def _value(tag: int, text: str, is_hexadecimal: bool) -> Value:
    if tag not in TAGS:
        raise ValueError(f"no tag {tag}; there are {', '.join(map(str, sorted(TAGS)))}")
    if tag in (OCTETS, OPAQUE):
        return bytes.fromhex(text) if is_hexadecimal else text.replace("\\n", "\n").encode()
    if tag in (OBJECT_ID, IP_ADDRESS):
        return text
    return None if tag == NULL else int(text)
