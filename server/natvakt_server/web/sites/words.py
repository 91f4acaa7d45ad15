"""Words of a site."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "agent-health": ("Agent", "Agent"),
    "no-agent-here": ("No agent at this site yet", "Ingen agent på platsen ännu"),
    "no-agent-here-hint": (
        "Issue a one-time token here and enrol the agent with it at the site:",
        "Skapa en engångskod här och anmäl agenten med den på platsen:",
    ),
}
