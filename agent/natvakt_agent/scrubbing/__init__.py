"""Scrubbing at the site: no configuration leaves it before its secrets are gone. See `scrubber.py`; `outcome.py` is what comes of it."""
