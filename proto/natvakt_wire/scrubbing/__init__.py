"""Which words of a configuration are secret, and the mark that takes a secret's place: what agent and server must agree on.

The agent removes secrets before anything leaves a site (`natvakt_agent.scrubbing`); the server reads the marks, and shows evidence
through the same grammar.
"""

from natvakt_wire.scrubbing.marks import Mark, find_marks, parse_mark
from natvakt_wire.scrubbing.reading import Finding, find_secrets
from natvakt_wire.scrubbing.redaction import redact

__all__ = ["Finding", "Mark", "find_marks", "find_secrets", "parse_mark", "redact"]
