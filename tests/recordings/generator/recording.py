"""What a device would answer, collected instance by instance and written in the format of `tests/recordings/README.md`."""

from collections.abc import Mapping

INTEGER, OCTETS, OBJECT_ID, IP_ADDRESS, COUNTER, GAUGE, TICKS, COUNTER64 = 2, 4, 6, 64, 65, 66, 67, 70
Cell = tuple[int, str]


def integer(value: int) -> Cell:
    return INTEGER, str(value)


def text(value: str) -> Cell:
    return OCTETS, value.replace("\n", "\\n")


def octets(hexadecimal: str) -> Cell:
    return -OCTETS, hexadecimal


def identifier(value: str) -> Cell:
    return OBJECT_ID, value


def ip(value: str) -> Cell:
    return IP_ADDRESS, value


def counter(value: int) -> Cell:
    return COUNTER, str(value)


def gauge(value: int) -> Cell:
    return GAUGE, str(value)


def ticks(seconds: float) -> Cell:
    return TICKS, str(round(seconds * 100))


def counter64(value: int) -> Cell:
    return COUNTER64, str(value)


def packed(address: str) -> str:
    """An IPv4 address as the hexadecimal of an InetAddress."""
    return bytes(int(part) for part in address.split(".")).hex()


def index_of(octets_of_index: str) -> str:
    """Hexadecimal as the arcs of an index: a MAC address, say."""
    return ".".join(map(str, bytes.fromhex(octets_of_index)))


class Recording:
    """One device. `title` says what it is; `note` begins a group of instances that a reader should understand."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title = name, title
        self._groups: list[tuple[str, dict[str, Cell]]] = [("", {})]

    def note(self, remark: str) -> None:
        self._groups.append((remark, {}))

    def put(self, oid: str, cell: Cell) -> None:
        if any(oid in cells for _, cells in self._groups):
            raise ValueError(f"{self.name}: {oid} is given twice")
        self._groups[-1][1][oid] = cell

    def scalar(self, oid: str, cell: Cell) -> None:
        self.put(f"{oid}.0", cell)

    def scalars(self, base: str, cells: Mapping[int | str, Cell]) -> None:
        for column, cell in cells.items():
            self.put(f"{base}.{column}.0", cell)

    def row(self, entry: str, index: int | str, cells: Mapping[int, Cell]) -> None:
        for column, cell in cells.items():
            self.put(f"{entry}.{column}.{index}", cell)

    def lines(self) -> str:
        out = [f"# {self.title}", "# Synthetic: made by tests/recordings/generate.py from the MIBs, not taken from a device."]
        for remark, cells in self._groups:
            if not cells:
                continue
            if remark:
                out.append(f"# {remark}")
            out += [
                f"{oid}|{abs(tag)}{'x' if tag < 0 else ''}|{value}"
                for oid, (tag, value) in sorted(cells.items(), key=lambda item: tuple(map(int, item[0].split("."))))
            ]
        return "\n".join(out) + "\n"
