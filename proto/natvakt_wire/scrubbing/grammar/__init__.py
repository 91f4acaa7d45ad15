"""Where secrets stand in the configurations of Cisco systems, as data: tables of patterns (see `patterns.py` for their language)."""

from natvakt_wire.scrubbing.grammar import management, network, safe
from natvakt_wire.scrubbing.grammar.patterns import Grammar, PatternHit

__all__ = ["GRAMMAR", "Grammar", "PatternHit"]

GRAMMAR = Grammar((*safe.PATTERNS, *network.PATTERNS, *management.PATTERNS))
"""All systems' patterns together: where two systems write a line alike they mean alike, and another system's line is caught too."""
