"""Octets of strangers as text that cannot forge a line: one line, printable, bounded (promise 39)."""

LONGEST_CHARACTERS = 2048
_CUT = "…"


def plain(octets: bytes, longest: int = LONGEST_CHARACTERS) -> str:
    """UTF-8 where it is, else Latin-1; controls, line ends and characters that turn the writing direction become blanks. Never raises."""
    piece = octets[: 4 * longest]
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError as error:
        is_only_cut = len(piece) < len(octets) and error.start >= len(piece) - 3
        text = piece[: error.start].decode("utf-8") if is_only_cut else piece.decode("latin-1")
    return one_line(text, longest)


def one_line(text: str, longest: int = LONGEST_CHARACTERS) -> str:
    shown = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return shown if len(shown) <= longest else shown[: longest - 1] + _CUT
