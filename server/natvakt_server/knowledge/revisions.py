"""What becomes of a fact when its source tells it again.

the same                                     nothing
an advisory or CVE record of an older date   the newer one stays
a lifecycle of a newer date, or of no date   takes the place of the old
another record of the same product and date  both are kept: one product may have several records
"""

from collections.abc import Sequence

import msgspec

from natvakt_server.knowledge.facts import Advisory, Fact, Lifecycle, Vulnerability


def settled(stored: Fact, told: Fact) -> Fact:
    """The fact to keep. What was stored is given back unchanged where the new telling changes nothing."""
    match stored, told:
        case (Advisory() | Vulnerability(), Advisory() | Vulnerability()):
            return stored if told.updated and told.updated < stored.updated else told
        case (Lifecycle(), Lifecycle()):
            return _lifecycle(stored, told)
    return told


def _lifecycle(stored: Lifecycle, told: Lifecycle) -> Lifecycle:
    if not told.updated or told.updated > stored.updated:
        return told
    if told.updated < stored.updated:
        return stored
    return _gathered([*_records(stored), *_records(told)])


def _records(fact: Lifecycle) -> Sequence[Lifecycle]:
    return (msgspec.structs.replace(fact, others=()), *fact.others)


def _gathered(records: Sequence[Lifecycle]) -> Lifecycle:
    """One of them with the rest beside it, whatever the order in which they came: first what tells most, then by what it tells."""
    distinct = {msgspec.json.encode(record, order="deterministic"): record for record in records}
    ordered = [distinct[text] for text in sorted(distinct, key=lambda text: _place(text, distinct[text]))]
    return msgspec.structs.replace(ordered[0], others=tuple(ordered[1:]))


def _place(text: bytes, record: Lifecycle) -> tuple[object, ...]:
    return (-len(record.milestones), not record.replacement, text)


def gathered(facts: Sequence[Fact]) -> Fact:
    """Facts of one key from one file: several records of a product are all kept, of anything else the last counts."""
    last = facts[-1]
    if not isinstance(last, Lifecycle):
        return last
    records = [record for fact in facts if isinstance(fact, Lifecycle) for record in _records(fact)]
    newest = max(record.updated for record in records)
    return _gathered([record for record in records if record.updated == newest])
