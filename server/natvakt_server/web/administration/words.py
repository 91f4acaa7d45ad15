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
    "user-role.engineer": ("NOC engineer", "NOC-tekniker"),
    "user-role.consultant": ("Consultant", "Konsult"),
    "user-role.sales": ("Sales", "Säljare"),
    "user-role.customer-administrator": ("Customer administrator", "Kundadministratör"),
    "user-role.customer-reader": ("Customer reader", "Kundläsare"),
    "role-over-partner": ("Role over all customers", "Roll över alla kunder"),
    "role-over-partner-hint": (
        "Changing it ends the person's sessions. Without one, only what is given below holds.",
        "En ändring avslutar personens sessioner. Utan roll gäller bara det som getts nedan.",
    ),
    "role-none": ("None", "Ingen"),
    "role-change": ("Change role", "Byt roll"),
    "grants": ("Given over customers and sites", "Givet över kunder och platser"),
    "grants-hint": (
        "The person sees these customers and sites and no trace of others. It holds from the next click on.",
        "Personen ser dessa kunder och platser och inga spår av andra. Det gäller från nästa klick.",
    ),
    "grants-none": ("Nothing is given.", "Inget är givet."),
    "grant-give": ("Give", "Ge"),
    "grant-take": ("Take away", "Ta bort"),
    "grant-place": ("Customer or site", "Kund eller plats"),
    "grant-place-hint": (
        "As acme or acme/hq, several with spaces between them. Empty: all customers. Customers' people always need one.",
        "Som acme eller acme/hq, flera med blanksteg emellan. Tomt: alla kunder. Kundens personer måste ha minst en.",
    ),
    "grant-not-there": (
        "This role cannot be given there: owners have all customers, and customers' people have customers or sites.",
        "Den rollen kan inte ges där: ägare har alla kunder, och kundens personer har kunder eller platser.",
    ),
    "grant-no-place": ("Name a customer or a site.", "Ange en kund eller en plats."),
    "grant-no-customer": ("There is no such customer.", "Den kunden finns inte."),
    "grant-no-site": ("The customer has no such site.", "Kunden har ingen sådan plats."),
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
        "They get a one-time link, set their own password and second step with it. Owners manage people; NOC engineers do everything else; "
        "consultants assess, sales read; a customer's people see their own.",
        "Personen får en engångslänk och ställer själv in lösenord och andra steg. Ägare sköter personer; NOC-tekniker gör allt annat; "
        "konsulter bedömer, säljare läser; kundens personer ser sitt eget.",
    ),
    "user-disable": ("Disable", "Stäng av"),
    "user-enable": ("Enable", "Slå på"),
    "user-reset": ("Reset", "Återställ"),
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
