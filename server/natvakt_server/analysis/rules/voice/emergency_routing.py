"""voice.emergency.routing: calls to the emergency number have not been tested for a year. Only a person can tell."""

from natvakt_server.analysis.answers import judge_answer
from natvakt_server.analysis.applicability import gateway_or_call_server
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.rule import Judgement, Rule, Text
from natvakt_server.domain.assessment import Severity

QUESTION = "emergency call goes out, shows the right number and the right place"


def judge(device: Device, evidence: Evidence) -> Judgement:
    return judge_answer("voice.emergency.routing", device, evidence, Severity.HIGH, QUESTION)


RULE = Rule(
    id="voice.emergency.routing",
    title=Text(
        "Emergency calls do not go where they should",
        "Nödsamtal går inte dit de ska",
    ),
    impact=Text(
        "Help is sent to the wrong address, or nobody can call back.",
        "Hjälpen skickas till fel adress, eller så kan ingen ringa tillbaka.",
    ),
    recommendation=Text(
        "Agree a test call with the emergency centre, from every site, and record who called, when, and what was seen.",
        "Avtala ett provsamtal med larmcentralen, från varje plats, och skriv upp vem som ringde, när och vad som visades.",
    ),
    severities=(Severity.HIGH,),
    applies_to=gateway_or_call_server,
    tables=(),
    judge=judge,
    effort_minutes=60,
    references=("VVT 2005", "VVT 2010"),
)
