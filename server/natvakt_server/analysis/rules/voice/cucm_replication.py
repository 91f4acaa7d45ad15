"""voice.cucm.replication: the databases of the cluster are not alike. A person looks, for the state is shown on the command line only."""

from natvakt_server.analysis.answers import judge_answer
from natvakt_server.analysis.applicability import call_server
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.rule import Judgement, Rule, Text, not_applicable
from natvakt_server.domain.assessment import Severity

QUESTION = "replication state is 2 on every node"


def judge(device: Device, evidence: Evidence) -> Judgement:
    nodes = device.table("call_manager").rows
    if len(nodes) == 1:
        return not_applicable("one-node")
    return judge_answer("voice.cucm.replication", device, evidence, Severity.HIGH, QUESTION)


RULE = Rule(
    id="voice.cucm.replication",
    title=Text(
        "Call manager databases are not alike",
        "Samtalsväxelns databaser är inte lika",
    ),
    impact=Text(
        "Changes reach some nodes only: a phone works until it moves to the other node.",
        "Ändringar når bara vissa noder: en telefon fungerar tills den flyttar till den andra noden.",
    ),
    recommendation=Text(
        "Run utils dbreplication runtimestate on the publisher; repair where it is not 2.",
        "Kör utils dbreplication runtimestate på publisher; reparera där den inte är 2.",
    ),
    severities=(Severity.HIGH,),
    applies_to=call_server,
    tables=("call_manager",),
    judge=judge,
    effort_minutes=60,
)
