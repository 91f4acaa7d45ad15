"""Columns of a batch: integers, floats, booleans and text as few bytes that zstd likes.

An integer column is written in the form that compresses smallest, tried in turn: one constant; zigzag deltas; byte planes of the values;
byte planes of the deltas; each of the last three also without the most frequent value, a bitmap saying where the others stand (unused
ports leave zeros everywhere, and the bitmap is alike from column to column).

In a *plane* form all lowest bytes come first, then all second bytes, and so on: the high bytes of counters are much alike and end up side
by side. Planes of unsigned columns hold the values themselves, all other planes hold zigzag values (0, -1, 1, -2 as 0, 1, 2, 3). Deltas
are taken modulo 2^64, so every step between two 64 bit values has one.

Absent cells (`None`) take no place among the values; a bitmap says where they are.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from operator import sub

import zstandard

from natvakt_wire.errors import Malformed, NotEncodable
from natvakt_wire.v1 import batch_pb2

Cell = int | float | bool | str | None

_WORD = 1 << 64
_HALF = 1 << 63
_SHORT_COLUMN = 32  # cells; below this the bytes themselves are compared, not what zstd makes of them
_COMMON_SHARE = 16  # the most frequent value is set apart when it fills at least this fraction of the column
_DIGITS = bytes.maketrans(b"\0\1", b"01")
_BITS = tuple(tuple(bool(byte >> bit & 1) for bit in range(8)) for byte in range(256))


def encode_integers(values: Sequence[int]) -> batch_pb2.Integers:
    """Signed or unsigned 64 bit. NotEncodable when a value fits neither, or negative ones stand beside ones from 2^63."""
    if not values:
        return batch_pb2.Integers()
    low, high = min(values), max(values)
    unsigned = low >= 0
    if low < -_HALF or high >= (_WORD if unsigned else _HALF):
        raise NotEncodable(f"integers from {low} to {high} fit neither signed nor unsigned 64 bit")
    if low == high:
        return batch_pb2.Integers(constant=_to_signed(low), is_unsigned=unsigned)
    return min(_forms(values, unsigned), key=_cost(len(values)))


def decode_integers(message: batch_pb2.Integers, count: int) -> list[int]:
    """Exactly `count` values, or Malformed. Sizes are compared before any list is made."""
    if not message.HasField("constant"):
        return _decode_varying(message, count)
    constant = message.constant % _WORD if message.is_unsigned else message.constant
    if not message.exceptions:
        return [constant] * count
    excepted = _from_bitmap(message.exceptions, count)
    following = iter(_decode_varying(message, sum(excepted)))
    return [next(following) if other else constant for other in excepted]


def _decode_varying(message: batch_pb2.Integers, count: int) -> list[int]:
    unsigned = message.is_unsigned
    if not message.width:
        if len(message.deltas) != count:
            raise Malformed(f"an integer column has {len(message.deltas)} values, expected {count}")
        return _running(message.deltas, unsigned)
    width = message.width
    if width > 8 or len(message.planes) != width * count:
        raise Malformed(f"an integer column has {len(message.planes)} bytes in planes of width {width}, expected {count} values")
    words = _join_planes(message.planes, width, count)
    if message.planes_are_deltas:
        return _running(_unzigzag(words), unsigned)
    return list(words) if unsigned else _unzigzag(words)


def encode_column(name: int, cells: Sequence[Cell], position_of: Callable[[str], int]) -> batch_pb2.Column:
    """One column of one kind of value. `position_of` gives a text's dictionary position.

    A column of integers and floats is carried as floats when no integer loses by it. NotEncodable for any other mixture.
    """
    column = batch_pb2.Column(name=name)
    present: Sequence[Cell] = cells
    if None in cells:
        column.absent = _to_bitmap([cell is None for cell in cells])
        present = [cell for cell in cells if cell is not None]
    kinds = set(map(type, present))
    if kinds == {int}:
        column.integers.CopyFrom(encode_integers(present))  # type: ignore[arg-type]
    elif kinds in ({float}, {int, float}):
        column.floats = _encode_floats(present)  # type: ignore[arg-type]
    elif kinds == {bool}:
        column.booleans = _to_bitmap(present)  # type: ignore[arg-type]
    elif kinds == {str}:
        column.strings.CopyFrom(encode_integers([position_of(cell) for cell in present]))  # type: ignore[arg-type]
    elif kinds:
        raise NotEncodable(f"a column cannot hold {', '.join(sorted(kind.__name__ for kind in kinds))} together")
    return column


def decode_column(column: batch_pb2.Column, rows: int, dictionary: Sequence[str]) -> list[Cell]:
    """`rows` cells, or Malformed."""
    absent = _from_bitmap(column.absent, rows) if column.absent else None
    count = rows - sum(absent) if absent else rows
    kind = column.WhichOneof("values")
    cells: list[Cell]
    if kind == "integers":
        cells = [*decode_integers(column.integers, count)]
    elif kind == "strings":
        cells = [*texts(column.strings, count, dictionary)]
    elif kind == "floats":
        cells = [*_decode_floats(column.floats, count)]
    elif kind == "booleans":
        cells = [*_from_bitmap(column.booleans, count)]
    elif count:
        raise Malformed(f"a column says nothing about {count} cells that are not absent")
    else:
        cells = []
    if absent is None:
        return cells
    following = iter(cells)
    return [None if gone else next(following) for gone in absent]


def texts(message: batch_pb2.Integers, count: int, dictionary: Sequence[str]) -> list[str]:
    """`count` dictionary positions, looked up. Malformed when one lies outside the dictionary."""
    positions = decode_integers(message, count)
    if positions and not 0 <= min(positions) <= max(positions) < len(dictionary):
        raise Malformed(f"a text column points outside the dictionary of {len(dictionary)} entries")
    return [dictionary[position] for position in positions]


def _forms(values: Sequence[int], unsigned: bool) -> Iterator[batch_pb2.Integers]:
    yield from _varying_forms(values, unsigned)
    common, times = Counter(values).most_common(1)[0]
    if times * _COMMON_SHARE < len(values):
        return
    exceptions = _to_bitmap([value != common for value in values])
    for form in _varying_forms([value for value in values if value != common], unsigned):
        form.constant = _to_signed(common)
        form.exceptions = exceptions
        yield form


def _varying_forms(values: Sequence[int], unsigned: bool) -> Iterator[batch_pb2.Integers]:
    deltas = [_to_signed(values[0]), *map(sub, islice(values, 1, None), values)]
    if max(values) - min(values) >= _HALF:
        deltas = [_to_signed(delta % _WORD) for delta in deltas]
    yield batch_pb2.Integers(deltas=deltas, is_unsigned=unsigned)
    yield _planes(values if unsigned else _zigzag(values), unsigned, of_deltas=False)
    yield _planes(_zigzag(deltas), unsigned, of_deltas=True)


def _to_signed(value: int) -> int:
    return value - _WORD if value >= _HALF else value


def _running(deltas: Iterable[int], unsigned: bool) -> list[int]:
    """Sums modulo 2^64; honest columns seldom leave the range, so the modulo is taken only where they do."""
    values = list(accumulate(deltas))
    if not values:
        return values
    low, high = (0, _WORD) if unsigned else (-_HALF, _HALF)
    if low <= min(values) and max(values) < high:
        return values
    return [(value - low) % _WORD + low for value in values]


def _zigzag(values: Iterable[int]) -> list[int]:
    return [value + value if value >= 0 else ~(value + value) for value in values]


def _unzigzag(words: Iterable[int]) -> list[int]:
    return [~(word >> 1) if word & 1 else word >> 1 for word in words]


def _planes(words: Sequence[int], unsigned: bool, *, of_deltas: bool) -> batch_pb2.Integers:
    width = max((max(words).bit_length() + 7) // 8, 1)
    packed = struct.pack(f"<{len(words)}Q", *words)
    planes = b"".join(packed[plane::8] for plane in range(width))
    return batch_pb2.Integers(planes=planes, width=width, planes_are_deltas=of_deltas, is_unsigned=unsigned)


def _join_planes(planes: bytes, width: int, count: int) -> tuple[int, ...]:
    packed = bytearray(8 * count)
    for plane in range(width):
        packed[plane::8] = planes[plane * count : (plane + 1) * count]
    return struct.unpack(f"<{count}Q", packed)


def _cost(count: int) -> Callable[[batch_pb2.Integers], int]:
    if count < _SHORT_COLUMN:
        return lambda form: form.ByteSize()
    compressor = zstandard.ZstdCompressor(level=1)
    return lambda form: len(compressor.compress(form.SerializeToString()))


def _encode_floats(values: Sequence[int | float]) -> bytes:
    try:
        packed = struct.pack(f"<{len(values)}d", *values)
        lossless = all(value == float(value) for value in values if type(value) is int)
    except (OverflowError, struct.error):
        lossless = False
    if not lossless:
        raise NotEncodable("a column of integers and floats has an integer that a float cannot hold exactly")
    return b"".join(packed[plane::8] for plane in range(8))


def _decode_floats(planes: bytes, count: int) -> tuple[float, ...]:
    if len(planes) != 8 * count:
        raise Malformed(f"a float column has {len(planes)} bytes, expected {8 * count}")
    packed = bytearray(len(planes))
    for plane in range(8):
        packed[plane::8] = planes[plane * count : (plane + 1) * count]
    return struct.unpack(f"<{count}d", packed)


def _to_bitmap(bits: Sequence[bool]) -> bytes:
    digits = bytes(bits).translate(_DIGITS)[::-1]
    return int(digits or b"0", 2).to_bytes((len(bits) + 7) // 8, "little")


def _from_bitmap(bitmap: bytes, count: int) -> list[bool]:
    if len(bitmap) != (count + 7) // 8 or (count % 8 and bitmap[-1] >> count % 8):
        raise Malformed(f"a bitmap of {len(bitmap)} bytes does not hold exactly {count} bits")
    return list(islice(chain.from_iterable(map(_BITS.__getitem__, bitmap)), count))
