"""Words of the map of a site."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "map": ("Map", "Karta"),
    "map-question": ("What is here, and how does it hang together?", "Vad finns här, och hur hänger det ihop?"),
    "map-cables": ("By cable (CDP, LLDP)", "Efter kabel (CDP, LLDP)"),
    "map-networks": ("By network (IP)", "Efter nät (IP)"),
    "map-one-end": ("One end", "Ena änden"),
    "map-other-end": ("Other end", "Andra änden"),
    "map-there": ("Port or address", "Port eller adress"),
    "map-links": ("Links", "Förbindelser"),
    "map-help": (
        "Drag to move, scroll to zoom, click to open a device. What was moved stays there in this browser.",
        "Dra för att flytta, rulla för att zooma, klicka för att öppna en enhet. Det som flyttats ligger kvar i den här webbläsaren.",
    ),
    "map-again": ("Put back", "Återställ"),
    "map-drawn": ("Map of the site; the table below says the same.", "Karta över platsen; tabellen nedanför säger samma sak."),
    "map-gathered": ("{count} neighbours", "{count} grannar"),
    "map-none": ("Nothing here is known to be joined.", "Inga förbindelser är kända här."),
    "map-none-do": (
        "Switch on CDP or LLDP between the devices, and wait for the next hourly reading.",
        "Slå på CDP eller LLDP mellan enheterna och vänta på nästa avläsning (varje timme).",
    ),
}
