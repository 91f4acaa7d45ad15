"""How commands of a remedy are taken back: `no` of what was set, and the former line where the evidence shows it.

Only configuration is taken back by configuration. Where a command does something else (makes keys, copies, reloads), or where the former
line holds a secret that never left the site, there is no honest list of commands: the stored configuration is put back instead.
"""

from collections.abc import Sequence

from natvakt_wire.scrubbing.marks import find_marks

from natvakt_server.reports.model import Fact

# First words of what is done once and not configured.
DEEDS = frozenset(
    {
        *("boot", "clear", "copy", "crypto", "debug", "delete", "do", "erase", "exec", "format", "hw-module", "install", "license"),
        *("mkdir", "ping", "power", "reload", "request", "show", "ssh", "telnet", "test", "undebug", "verify", "write"),
    }
)
BLOCKS = frozenset(
    {
        *("address-family", "class", "class-map", "interface", "line", "object-group", "policy-map", "route-map", "router", "vlan"),
        *("voice", "vrf", "zone"),
    }
)
NEGATION = "no "
FORMER = "line "  # what a fact is called that shows a line of the configuration: `line 14`


def undone(commands: Sequence[str], evidence: Sequence[Fact]) -> tuple[str, ...] | None:
    """The commands that take these back, in order; None where commands cannot."""
    if not commands:
        return None
    former = [str(fact.value).strip() for fact in evidence if fact.what.startswith(FORMER) and isinstance(fact.value, str)]
    taken: list[tuple[str, ...]] = []
    for head, children in blocks(commands):
        if head.split(" ", 1)[0] in DEEDS or any(child.split(" ", 1)[0] in DEEDS for child in children):
            return None
        if children:
            lines = [_undo(child, former) for child in reversed(children)]
            taken.append((head, *(f" {line}" for line in lines)))
        elif head.split(" ", 1)[0] not in BLOCKS:
            taken.append((_undo(head, former),))
    back = tuple(line for block in reversed(taken) for line in block)
    return back if back and not any(find_marks(line) for line in back) else None


def blocks(commands: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
    """Each line at the left edge with the indented ones below it; comments are left out, and so is leaving a block."""
    found: list[tuple[str, list[str]]] = []
    for line in commands:
        text = line.strip()
        if not text or text.startswith("!") or text in {"exit", "end", "configure terminal"}:
            continue
        if line.startswith(" ") and found:
            found[-1][1].append(text)
        else:
            found.append((text, []))
    return found


def _undo(command: str, former: Sequence[str]) -> str:
    if command.startswith(NEGATION):
        removed = command.removeprefix(NEGATION)
        return next((line for line in former if line.startswith(removed)), removed)
    first = command.split(" ", 1)[0]
    before = next((line for line in former if line.split(" ", 1)[0] == first and line != command), None)
    return before if before is not None else NEGATION + command
