"""Words of the search."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "found-nothing": ("Nothing matches “{text}”.", "Inget stämmer med ”{text}”."),
    "search-for": ("Search: {text}", "Sök: {text}"),
}
