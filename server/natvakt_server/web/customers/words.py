"""Words of the customers' lists and tabs."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "not-seen": ("Not seen", "Syns inte"),
    "last-assessed": ("Assessed", "Bedömd"),
    "next-due": ("Next", "Nästa"),
    "agent-seen": ("Agent last seen", "Agenten senast sedd"),
    "schedule": ("Schedule", "Intervall"),
    "no-sites": ("No site yet", "Ingen plats ännu"),
    "no-sites-hint": ("A site is where an agent stands. Add one on the server:", "En plats är där en agent står. Lägg till en på servern:"),
    "no-devices": ("No device seen yet", "Ingen enhet sedd ännu"),
    "no-devices-hint": (
        "Devices appear by themselves when an agent polls them. Give it a token here, and devices and credentials at the site:",
        "Enheter dyker upp av sig själva när en agent frågar dem. Ge den en engångskod här, och enheter och inloggningar på platsen:",
    ),
}
