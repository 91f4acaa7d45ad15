"""Words of the administration."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "administration": ("Administration", "Administration"),
    "users": ("Users", "Användare"),
    "audit": ("Audit trail", "Granskningslogg"),
    "partner-info": ("This server", "Den här servern"),
    "knowledge-credits": (
        "Sources of knowledge: Cisco, CISA (CC0), FIRST EPSS (first.org/epss), CVE Program, endoflife.date. "
        "This product uses data from the NVD API but is not endorsed or certified by the NVD.",
        "Kunskapskällor: Cisco, CISA (CC0), FIRST EPSS (first.org/epss), CVE Program, endoflife.date. "
        "This product uses data from the NVD API but is not endorsed or certified by the NVD.",
    ),
    "user-role": ("Role", "Roll"),
    "user-role.owner": ("Owner", "Ägare"),
    "user-role.engineer": ("Engineer", "Tekniker"),
    "user-active": ("Active", "Aktiv"),
    "user-invited": ("Has not set a password", "Har inte satt lösenord"),
    "user-disabled": ("Disabled", "Avstängd"),
    "user-actions": ("Do", "Gör"),
    "second-factor": ("Second step", "Andra steget"),
    "factor-on": ("on", "på"),
    "factor-off": ("not set up", "inte inställt"),
    "display-name": ("Person's name", "Personens namn"),
    "user-add": ("Add a person", "Lägg till en person"),
    "user-add-hint": (
        "They get a one-time link, set their own password and second step with it. Owners manage people; engineers do everything else.",
        "Personen får en engångslänk och ställer själv in lösenord och andra steg. Ägare sköter personer; tekniker gör allt annat.",
    ),
    "user-disable": ("Disable", "Stäng av"),
    "user-enable": ("Enable", "Slå på"),
    "user-reset": ("Reset", "Återställ"),
    "user-make-owner": ("Make owner", "Gör till ägare"),
    "user-make-engineer": ("Make engineer", "Gör till tekniker"),
    "user-disable-sure": (
        "{name} is logged out at once and cannot log in. Nothing is removed.",
        "{name} loggas ut direkt och kan inte logga in. Inget tas bort.",
    ),
    "user-reset-sure": (
        "Password and second step of {name} are taken away, sessions end, and a new one-time link is shown.",
        "Lösenord och andra steg för {name} tas bort, sessioner avslutas, och en ny engångslänk visas.",
    ),
    "user-is-you": ("you", "du"),
    "user-link": (
        "One-time link for {name}, for 24 hours. It is shown only now:",
        "Engångslänk för {name}, i 24 timmar. Den visas bara nu:",
    ),
    "user-there": ("A user with this name is there already.", "Det finns redan en användare med det namnet."),
    "user-bad-name": ("A user name has no spaces and at most 80 characters.", "Ett användarnamn har inga blanksteg och högst 80 tecken."),
    "audit-actor": ("Who", "Vem"),
    "audit-action": ("What", "Vad"),
    "audit-subject": ("On what", "På vad"),
    "audit-outcome": ("Outcome", "Utfall"),
    "audit-detail": ("Detail", "Detalj"),
    "outcome.ok": ("done", "utfört"),
    "outcome.refused": ("refused", "nekat"),
    "partner": ("Partner", "Partner"),
    "public-address": ("Address of the console", "Konsolens adress"),
    "time-zone": ("Time zone", "Tidszon"),
    "session-lifetime": ("A session lasts at most", "En session varar högst"),
    "session-idle": ("and without use", "och utan användning"),
    "partner-hint": (
        "These come from the server's configuration file. Change them there and start the server anew.",
        "Detta kommer från serverns konfigurationsfil. Ändra där och starta om servern.",
    ),
}
