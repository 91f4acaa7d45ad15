"""Words of the page of what discovery found."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "discovered": ("Discovered", "Upptäckta"),
    "discovered-at": (
        "What the agent's discovery found at the site, or was told of",
        "Vad agentens sökning hittade på platsen, eller fick höra om",
    ),
    "discovered-state": ("Discovery", "Upptäckt"),
    "discovered-state.new": ("New", "Ny"),
    "discovered-state.known": ("Polled already", "Avfrågas redan"),
    "discovered-state.moved": ("At another address", "På en annan adress"),
    "discovered-state.replaced": ("Other hardware than before", "Annan hårdvara än förut"),
    "discovered-state.unmatched": ("No credential fits", "Ingen inloggning passar"),
    "discovered-state.outside": ("Outside what may be asked", "Utanför det som får frågas"),
    "discovered-credential": ("Credential", "Inloggning"),
    "discovered-by": ("Found by", "Hittad genom"),
    "discovered-reason": ("Reason", "Skäl"),
    "discovered-none": ("Nothing has been discovered at this site.", "Ingenting har upptäckts på platsen."),
    "discovered-none-do": (
        "Look once at the site, or let the agent look every day:",
        "Sök en gång på platsen, eller låt agenten söka varje dag:",
    ),
    "discovered-approve": (
        "New devices are approved at the site, where their credentials lie: natvakt-agent discover tells how.",
        "Nya enheter godkänns på platsen, där deras inloggningar finns: natvakt-agent discover visar hur.",
    ),
}
