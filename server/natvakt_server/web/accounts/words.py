"""Words of signing in and of one's own account."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "login": ("Log in", "Logga in"),
    "login-name": ("User name", "Användarnamn"),
    "password": ("Password", "Lösenord"),
    "login-wrong": ("Name or password is wrong.", "Namn eller lösenord är fel."),
    "login-wait": (
        "Too many wrong attempts. Try again in {seconds} seconds.",
        "För många felaktiga försök. Försök igen om {seconds} sekunder.",
    ),
    "login-lost": (
        "Lost your password or your phone? An owner gives you a new one-time link under Users, or on the server:",
        "Tappat lösenordet eller telefonen? En ägare ger dig en ny engångslänk under Användare, eller på servern:",
    ),
    "continue": ("Continue", "Fortsätt"),
    "code": ("One-time code", "Engångskod"),
    "code-title": ("Second step", "Andra steget"),
    "code-hint": ("Six digits from your authenticator app.", "Sex siffror från din autentiseringsapp."),
    "code-wrong": (
        "That code is wrong, or was used already. Wait for the next one.",
        "Koden är fel eller redan använd. Vänta på nästa.",
    ),
    "code-wait": (
        "Too many wrong codes. Try again in {seconds} seconds.",
        "För många felaktiga koder. Försök igen om {seconds} sekunder.",
    ),
    "enrol-title": ("Set up the second step", "Ställ in det andra steget"),
    "enrol-scan": (
        "Scan this with an authenticator app, then type the code it shows.",
        "Läs av bilden med en autentiseringsapp och skriv in koden som visas.",
    ),
    "enrol-type": ("Or type this key into the app:", "Eller skriv in nyckeln i appen:"),
    "enrol-picture": ("QR code with the key", "QR-kod med nyckeln"),
    "enrol-done": ("Confirm", "Bekräfta"),
    "welcome-title": ("Welcome, {name}", "Välkommen, {name}"),
    "welcome-hint": (
        "Choose a password of at least 12 characters. A few words in a row are easy to remember and hard to guess.",
        "Välj ett lösenord på minst 12 tecken. Några ord i rad är lätta att minnas och svåra att gissa.",
    ),
    "welcome-gone": ("This link does not work", "Länken fungerar inte"),
    "welcome-gone-hint": (
        "It was used, or it is older than 24 hours. A new one is made on the server:",
        "Den är använd eller äldre än 24 timmar. En ny görs på servern:",
    ),
    "password-new": ("New password", "Nytt lösenord"),
    "password-again": ("The same again", "Samma igen"),
    "password-current": ("Current password", "Nuvarande lösenord"),
    "password-current-wrong": ("The current password is wrong.", "Det nuvarande lösenordet är fel."),
    "password-change": ("Change password", "Byt lösenord"),
    "password-change-hint": (
        "All your other sessions end when the password is changed.",
        "Alla dina andra sessioner avslutas när lösenordet byts.",
    ),
    "password-short": ("Too short: at least 12 characters.", "För kort: minst 12 tecken."),
    "password-long": ("Too long: at most 128 characters.", "För långt: högst 128 tecken."),
    "password-simple": ("Too simple: few different characters, or a row of keys.", "För enkelt: få olika tecken, eller en rad tangenter."),
    "password-common": ("Among the passwords that are tried first.", "Bland de lösenord som prövas först."),
    "password-own-name": ("Built on your own name or the company's.", "Byggt på ditt eget eller företagets namn."),
    "password-differs": ("The two are not the same.", "De två är inte lika."),
    "account": ("My account", "Mitt konto"),
    "logout": ("Log out", "Logga ut"),
    "language": ("Language", "Språk"),
    "language.sv": ("Svenska", "Svenska"),
    "language.en": ("English", "English"),
    "appearance": ("Appearance", "Utseende"),
    "theme.auto": ("As the device", "Som enheten"),
    "theme.light": ("Light", "Ljust"),
    "theme.dark": ("Dark", "Mörkt"),
    "second-factor-is-on": (
        "The second step is on. To move it to another phone, ask an owner for a new one-time link.",
        "Det andra steget är på. Be en ägare om en ny engångslänk för att flytta det till en annan telefon.",
    ),
}
