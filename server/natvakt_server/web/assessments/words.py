"""Words of assessments."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "assess-now": ("Assess now", "Bedöm nu"),
    "assess-what": ("Sites", "Platser"),
    "assess-all-sites": ("all sites", "alla platser"),
    "scores-over-time": ("Scores over time", "Betyg över tid"),
    "newest-per-customer": ("Newest of each customer", "Senaste för varje kund"),
    "no-assessments": ("Not assessed yet", "Inte bedömt ännu"),
    "no-assessments-hint": ("Press the button above, or on the server:", "Tryck på knappen ovan, eller på servern:"),
    "report": ("Report", "Rapport"),
    "report-id": ("Report id", "Rapport-id"),
    "cycle": ("Cycle", "Omgång"),
    "since-last-fixed": ("Fixed since last time", "Åtgärdat sedan förra gången"),
    "nothing-found": ("Every rule that could be judged here passed.", "Alla regler som kunde bedömas här är godkända."),
    "details": ("What to do", "Vad som bör göras"),
    "verdicts": ("Verdicts", "Utfall"),
    "verdict": ("Verdict", "Utfall"),
    "reason": ("Reason", "Skäl"),
    "recommendation": ("Recommendation", "Rekommendation"),
    "effort": ("Effort", "Arbete"),
    "line": ("line", "rad"),
    "job-waiting": ("Waiting for a worker", "Väntar på en arbetare"),
    "job-running": ("Assessing", "Bedömer"),
    "job-done": ("Done", "Klart"),
    "job-failed": ("Failed", "Misslyckades"),
    "job-open": ("Open the assessment", "Öppna bedömningen"),
    "job-leave": ("follow", "följ"),
    "job-may-leave": ("You may leave this page; the work goes on.", "Du kan lämna sidan; arbetet fortsätter."),
}
