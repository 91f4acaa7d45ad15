"""Small images made byte by byte: PNG (ISO 15948) and JPEG (ISO 10918-1) as they are, and broken in one place."""

import struct
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """A grey rectangle."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """Baseline, one component, every block the same grey: the smallest tables that code a difference of nought."""
    quantisation = b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\x01" * 64
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    one_code = b"\x01" + b"\x00" * 15 + b"\x00"
    dc = b"\xff\xc4" + struct.pack(">HB", 20, 0x00) + one_code
    ac = b"\xff\xc4" + struct.pack(">HB", 20, 0x10) + one_code
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
    blocks = -(-width // 8) * -(-height // 8)
    bits = "00" * blocks
    bits += "1" * (-len(bits) % 8)
    coded = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    return b"\xff\xd8" + quantisation + frame + dc + ac + scan + coded + b"\xff\xd9"


def svg(inside: str = '<rect width="40" height="20" fill="#0b5f8a"/>', more: str = "") -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?><svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"'
    return f"{head}{more}>{inside}</svg>".encode()
