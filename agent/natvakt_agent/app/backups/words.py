"""Words of programs and scripts before they leave the site: what the vault holds is taken out, in every encoding."""

from collections.abc import Callable, Iterable

from natvakt_agent.scrubbing.known_values import KnownValues

MARK = "***"


class SiteWords:
    """`secrets` is asked once, when the first words come."""

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        self._secrets = secrets
        self._known: KnownValues | None = None

    def clean(self, text: str) -> str:
        self._known = self._known or KnownValues(self._secrets())
        for place in reversed(self._known.places(text)):
            text = text[: place.start] + MARK + text[place.end :]
        return text
