"""Texts without what would tell whose they are: in one pass from left to right, so that nothing is replaced twice.

At each place the first of these that fits is taken: a MAC address, an IPv6 address, an IPv4 address, a serial number, a name of several
words that was met somewhere, a word.
"""

import re
from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from natvakt_wire.scrubbing.marks import MARK
from natvakt_wire.scrubbing.vocabulary import is_ordinary

from natvakt_agent.capture.addresses import AddressMap
from natvakt_agent.capture.harvest import DOMAIN_ENDS, PLACEHOLDERS, Harvest
from natvakt_agent.capture.kinds import NAMES, REPLACED_WHOLE, Kind
from natvakt_agent.capture.outputs import pieces
from natvakt_agent.capture.tally import Tally
from natvakt_agent.capture.vocabulary import is_technical
from natvakt_agent.capture.words import RUN, WordMap

KNOWN_ONLY = frozenset((Kind.TECHNICAL, Kind.COMMAND))
"""Texts that lose only what is known to be somebody's."""
MOST_PHRASES = 2_000
MANY_DIGITS = 5
SHORTEST_NUMBER = 3  # of a telephone: a pattern such as `0T` or `5...` is nobody's
_HEX = "[0-9A-Fa-f]"
_MAC = (
    rf"(?<![\w:.-])(?:{_HEX}{{2}}(?:[:-]{_HEX}{{2}}){{5}}|{_HEX}{{4}}(?:\.{_HEX}{{4}}){{2}}|{_HEX}{{6}}-{_HEX}{{6}})(?![\w:-]|\.\w)"
    rf"|(?<![^\W_])(?:SEP|ATA|VGC|AN|CIPC|BAT|CSF)?(?=[0-9A-Fa-f]*[0-9])(?:{_HEX}{{12}})(?![^\W_])"
)
_V6 = r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?![\w:])"
_V4 = r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)"
_MARK = re.sub(r"\?P<\w+>", "?:", MARK.pattern)  # stands in place of a secret: it holds nothing of anybody's
_SERIAL = r"(?<![^\W_])[A-Z]{3}\d{4}[0-9A-Z]{4}(?![^\W_])"  # site of the factory, year and week, number
VERSION_BEFORE = re.compile(r"(?:version|ver|rev|release|software|firmware|image|build|v)\W{0,3}$", re.IGNORECASE)
TELLING_BEFORE = 16  # letters before a number in four parts that may say it is a version


class Texts:
    """`keep_names`: device names, descriptions and networks' names stay as they are, by a person's choice."""

    def __init__(self, addresses: AddressMap, words: WordMap, harvest: Harvest, tally: Tally, keep_names: bool = False) -> None:
        self._addresses, self._words, self._harvest, self._tally = addresses, words, harvest, tally
        self._keep_names = keep_names
        self._phrases = {phrase: kind for phrase, kind in harvest.phrases.items() if not (keep_names and kind in NAMES)}
        self._token = _token_of(sorted(self._phrases, key=len, reverse=True)[:MOST_PHRASES])

    def replaced(self, text: str, kind: Kind) -> str:
        """`text` as it may leave, by what it holds."""
        if self._keep_names and kind in NAMES:
            kind = Kind.TECHNICAL
        if kind in REPLACED_WHOLE and text.strip().lower() in PLACEHOLDERS:
            return text
        word = self._word_whole if kind in REPLACED_WHOLE else self._word_known if kind in KNOWN_ONLY else self._word_unless_ordinary
        return self._token.sub(lambda found: self._replaced(found, kind, word), text)

    def output(self, text: str) -> str:
        """A configuration or the output of a command: its own words stay."""
        return "".join(self.replaced(piece, kind) for piece, kind in pieces(text))

    def _replaced(self, found: re.Match[str], kind: Kind, word: Callable[[str, Kind, bool], str]) -> str:
        whole = found.group()
        match found.lastgroup:
            case "mark":
                return whole
            case "mac":
                return self._mac(whole)
            case "v6":
                return self._v6(whole)
            case "v4":
                return self._v4(whole, found.string[max(0, found.start() - TELLING_BEFORE) : found.start()], kind)
            case "serial":
                return self._counted(Kind.SERIAL, whole)
            case "phrase":
                known = self._phrases[whole.lower()]
                return RUN.sub(lambda run: self._word_whole(run.group(), known, run.string[: run.start()].endswith(".")), whole)
            case _:
                is_last_label = found.string[: found.start()].endswith(".") and not found.string[found.end() : found.end() + 1].isalnum()
                return word(whole, kind, is_last_label)

    def _word_whole(self, run: str, kind: Kind, is_last_label: bool) -> str:
        if is_last_label and (run.lower() in DOMAIN_ENDS or (len(run) == 2 and run.isalpha())):
            return run
        if kind is Kind.PHONE and len(run) < SHORTEST_NUMBER:
            return run
        return self._counted(self._harvest.words.get(run.lower(), kind), run)

    def _word_known(self, run: str, kind: Kind, is_last_label: bool) -> str:  # noqa: ARG002 (as the others)
        known = self._harvest.words.get(run.lower())
        if known is None or (self._keep_names and known in NAMES):
            return run
        return self._counted(known, run)

    def _word_unless_ordinary(self, run: str, kind: Kind, is_last_label: bool) -> str:
        known = self._harvest.words.get(run.lower())
        if known is not None:
            return self._word_known(run, kind, is_last_label)
        if run.isdigit() and len(run) < MANY_DIGITS:
            return run
        if is_ordinary(run) or is_technical(run) or run.lower() in self._harvest.technical:
            return run
        if is_last_label and run.lower() in DOMAIN_ENDS:
            return run
        return self._counted(Kind.LABEL, run)

    def _counted(self, kind: Kind, run: str) -> str:
        self._tally.count(kind, run.lower())
        return self._words.run(run)

    def _mac(self, text: str) -> str:
        digits = re.sub(r"[:.-]", "", text)
        prefix, digits = digits[:-12], digits[-12:]
        octets = bytes.fromhex(digits)
        new = self._addresses.mac(octets).hex()
        self._tally.count(Kind.MAC, octets)
        fresh = iter(new.upper() if digits == digits.upper() else new)
        return prefix + "".join(letter if letter in ":.-" else next(fresh) for letter in text[len(prefix) :])

    def _v6(self, text: str) -> str:
        try:
            octets = IPv6Address(text).packed
        except AddressValueError:
            return text  # a time, a list: not an address
        new = self._addresses.octets(octets)
        if new != octets:
            self._tally.count(Kind.ADDRESS, octets)
        return str(IPv6Address(new)) if new != octets else text

    def _v4(self, text: str, before: str, kind: Kind) -> str:
        try:
            address = IPv4Address(text)
        except AddressValueError:
            return text
        is_met = address.packed in self._harvest.addresses
        if not is_met and not address.is_private and (kind is Kind.TECHNICAL or VERSION_BEFORE.search(before)):
            return text  # a version in four parts
        new = self._addresses.octets(address.packed)
        if new != address.packed:
            self._tally.count(Kind.ADDRESS, address.packed)
        return str(IPv4Address(new))


def _token_of(phrases: list[str]) -> re.Pattern[str]:
    known = "|".join(map(re.escape, phrases))
    phrase = rf"(?P<phrase>(?<![^\W_])(?i:{known})(?![^\W_]))|" if phrases else ""
    return re.compile(rf"(?P<mark>{_MARK})|(?P<mac>{_MAC})|(?P<v6>{_V6})|(?P<v4>{_V4})|(?P<serial>{_SERIAL})|{phrase}(?P<word>[^\W_]+)")
