"""Quality of service by class: CISCO-CLASS-BASED-QOS-MIB.

The MIB is a forest: a policy on an interface holds classes, a class holds features (queueing, police, shaping) and
policies of its own, each an object with an index of its own. A row here is a class; what its features count and are set
to is folded into it, so that "drops of the priority class" is one field of one row.
"""

from collections.abc import Iterable
from enum import IntEnum

from natvakt_agent.collectors.snmp.oids import Index, dotted
from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Derivation, Pack, Row, document, instead, lasting_at, looked_up, series
from natvakt_agent.collectors.snmp.packs.if_mib import IF_X
from natvakt_agent.collectors.snmp.reading import filled_text, text, truth, words

QOS = "1.3.6.1.4.1.9.9.166.1"
ATTACHED = f"{QOS}.1.1.1"
OBJECT = f"{QOS}.5.1.1"
CLASS = f"{QOS}.15.1.1"
POLICE = f"{QOS}.17.1.1"
QUEUE = f"{QOS}.18.1.1"
SHAPE = f"{QOS}.19.1.1"
DIRECTIONS = {1: "input", 2: "output"}
BANDWIDTH_UNITS = {1: "kbps", 2: "percentage", 3: "percentageRemaining", 4: "ratioRemaining", 5: "perThousand", 6: "perMillion"}


class QosObject(IntEnum):
    """QosObjectType, those that are told."""

    CLASS_MAP = 2
    QUEUEING = 4
    SHAPING = 6
    POLICING = 7


def qos_object(index: Index) -> Row | None:
    return {"policy": index[0], "object": index[1], "_place": dotted(index)} if len(index) == 2 else None


def of_its_class(*fields: str) -> Derivation:
    """A feature's figures, told of the class it belongs to."""

    def derive(row: Row) -> Iterable[Row]:
        parent = row.get("_parent")
        if isinstance(parent, int):
            yield {"policy": row["policy"], "object": parent} | {field: row.get(field) for field in fields}

    return derive


CLASSES = Pack(
    name="cisco-cbqos-class",
    mib="CISCO-CLASS-BASED-QOS-MIB",
    table="qos",
    index=qos_object,
    columns=(
        series("cbQosCMPrePolicyPkt64", f"{CLASS}.3"),
        series("cbQosCMPrePolicyByte64", f"{CLASS}.6"),
        series("cbQosCMPostPolicyByte64", f"{CLASS}.10"),
        series("cbQosCMDropPkt64", f"{CLASS}.14"),
        instead(series("cbQosCMDropPkt64", f"{CLASS}.13")),
        series("cbQosCMDropByte64", f"{CLASS}.17"),
        series("cbQosCMNoBufDropPkt64", f"{CLASS}.21"),
    ),
    applies=CISCO_SYSTEMS,
    tested=1,
)
POLICERS = Pack(
    name="cisco-cbqos-police",
    mib="CISCO-CLASS-BASED-QOS-MIB",
    table="qos",
    index=qos_object,
    columns=(
        series("cbQosPoliceExceededPkt64", f"{POLICE}.10"),
        series("cbQosPoliceConformedPkt64", f"{POLICE}.3"),
        series("cbQosPoliceViolatedPkt64", f"{POLICE}.17"),
        lasting_at("_parent", f"{OBJECT}.4", at="_place"),
    ),
    derive=of_its_class("cbQosPoliceExceededPkt64", "cbQosPoliceConformedPkt64", "cbQosPoliceViolatedPkt64"),
    applies=CISCO_SYSTEMS,
    founds=False,
    only_with=("cisco-cbqos-class",),
    tested=1,
)
QUEUES = Pack(
    name="cisco-cbqos-queue",
    mib="CISCO-CLASS-BASED-QOS-MIB",
    table="qos",
    index=qos_object,
    columns=(
        series("cbQosQueueingDiscardPkt64", f"{QUEUE}.8"),
        series("cbQosQueueingCurrentQDepth", f"{QUEUE}.1"),
        series("cbQosQueueingMaxQDepth", f"{QUEUE}.2"),
        lasting_at("_parent", f"{OBJECT}.4", at="_place"),
    ),
    derive=of_its_class("cbQosQueueingDiscardPkt64", "cbQosQueueingCurrentQDepth", "cbQosQueueingMaxQDepth"),
    applies=CISCO_SYSTEMS,
    founds=False,
    only_with=("cisco-cbqos-class",),
    tested=1,
)
SHAPERS = Pack(
    name="cisco-cbqos-shape",
    mib="CISCO-CLASS-BASED-QOS-MIB",
    table="qos",
    index=qos_object,
    columns=(
        series("cbQosTSStatsDropPkt64", f"{SHAPE}.12"),
        series("cbQosTSStatsDelayedPkt64", f"{SHAPE}.6"),
        lasting_at("_parent", f"{OBJECT}.4", at="_place"),
    ),
    derive=of_its_class("cbQosTSStatsDropPkt64", "cbQosTSStatsDelayedPkt64"),
    applies=CISCO_SYSTEMS,
    founds=False,
    only_with=("cisco-cbqos-class",),
    tested=1,
)


def described(rows: list[Row]) -> list[Row]:
    """Each class with its policy, the class above it, and what its features are set to."""
    objects = {(row["policy"], row["object"]): row for row in rows}
    found: dict[tuple[object, object], Row] = {}
    for place, row in objects.items():
        if row.get("_type") == QosObject.CLASS_MAP:
            policy = objects.get((row["policy"], row.get("_parent")), {})
            above = objects.get((row["policy"], policy.get("_parent")), {})
            found[place] = {
                "policy": row["policy"], "object": row["object"], "class": row.get("_class"), "policy_map": policy.get("_policy_map"),
                "parent_class": above.get("_class"), "ifIndex": row.get("ifIndex"), "interface": row.get("interface"),
                "direction": row.get("direction"), "is_priority": False,
            }  # fmt: skip
    for row in rows:
        owner = found.get((row["policy"], row.get("_parent")))
        if owner is not None:
            owner.update(settings(row))
    return list(found.values())


def settings(feature: Row) -> Row:
    match feature.get("_type"):
        case QosObject.QUEUEING:
            return {
                "is_priority": bool(feature.get("_priority")), "bandwidth": feature.get("_bandwidth"),
                "bandwidth_unit": feature.get("_bandwidth_unit"),
            }  # fmt: skip
        case QosObject.SHAPING:
            return {"shape_bits_per_second": feature.get("_shape")}
        case QosObject.POLICING:
            return {"police_bits_per_second": feature.get("_police")}
        case _:
            return {}


DESCRIPTIONS = Pack(
    name="cisco-cbqos-configuration",
    mib="CISCO-CLASS-BASED-QOS-MIB",
    table="qos",
    index=qos_object,
    columns=(
        document("_type", f"{OBJECT}.3"),
        document("_config", f"{OBJECT}.2"),
        document("_parent", f"{OBJECT}.4"),
        looked_up("_class", f"{QOS}.7.1.1.1", filled_text, at="_config"),
        looked_up("_policy_map", f"{QOS}.6.1.1.1", filled_text, at="_config"),
        looked_up("_bandwidth", f"{QOS}.9.1.1.1", at="_config"),
        looked_up("_bandwidth_unit", f"{QOS}.9.1.1.2", words(BANDWIDTH_UNITS), at="_config"),
        looked_up("_priority", f"{QOS}.9.1.1.4", truth, at="_config"),
        looked_up("_shape", f"{QOS}.13.1.1.1", at="_config"),
        looked_up("_police", f"{QOS}.12.1.1.1", at="_config"),
        looked_up("ifIndex", f"{ATTACHED}.4", at="policy"),
        looked_up("direction", f"{ATTACHED}.3", words(DIRECTIONS), at="policy"),
        looked_up("interface", f"{IF_X}.1", text, at="ifIndex"),
    ),
    settle=described,
    applies=CISCO_SYSTEMS,
    only_with=("cisco-cbqos-class",),
    most_rows=10_000,
    tested=1,
)
QOS_PACKS = (CLASSES, POLICERS, QUEUES, SHAPERS, DESCRIPTIONS)
