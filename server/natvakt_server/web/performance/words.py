"""Words of the page of a customer's performance."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "performance": ("Performance", "Prestanda"),
    "performance-from": (
        "From the assessment of {at}: seven days of traffic, errors and load, thirty of growth.",
        "Från bedömningen {at}: sju dagars trafik, fel och belastning, trettio dagars tillväxt.",
    ),
    "performance-links": ("Busiest links", "Mest belastade länkar"),
    "performance-errors": ("Most damaged frames", "Flest skadade ramar"),
    "performance-trends": ("What fills up first", "Vad som fylls först"),
    "performance-processors": ("Busiest processors", "Mest belastade processorer"),
    "performance-peer": ("Leads to", "Leder till"),
    "performance-p95": ("95th percentile", "95:e percentilen"),
    "performance-share": ("Of its speed", "Av hastigheten"),
    "performance-damaged": ("Damaged frames", "Skadade ramar"),
    "performance-of-all": ("Of all", "Av alla"),
    "performance-what": ("What", "Vad"),
    "performance-used": ("Used now", "Används nu"),
    "performance-slope": ("Grows a day", "Växer per dag"),
    "performance-full": ("Full", "Fullt"),
    "performance-no-trend": ("no steady growth", "ingen stadig tillväxt"),
    "performance-mean": ("Mean", "Medel"),
    "performance-none": ("No assessment of this customer yet.", "Kunden har inte bedömts än."),
    "performance-none-do": (
        "Performance is told from an assessment, which looks at seven days or more:",
        "Prestanda visas från en bedömning, som ser på sju dagar eller mer:",
    ),
}
