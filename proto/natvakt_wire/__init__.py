"""What agent and server must agree on."""

VERSION = "0.1.0"
"""Of the distribution. Both ends tell it each other; a constant, because looking it up among installed packages costs the agent 2 MiB."""
