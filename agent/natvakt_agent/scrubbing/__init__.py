"""Scrubbing at the site: no configuration leaves it before its secrets are gone. See `scrubber.py`."""

from natvakt_agent.scrubbing.scrubber import Removed, Scrubbed, Scrubber

__all__ = ["Removed", "Scrubbed", "Scrubber"]
