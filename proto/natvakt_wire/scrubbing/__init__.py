"""Which words of a configuration are secret, and the mark that takes a secret's place: what agent and server must agree on.

The agent removes secrets before anything leaves a site (`natvakt_agent.scrubbing`); the server reads the marks (`marks`), and shows
evidence through the same grammar (`reading`, `redaction`). Nothing is imported here: an agent that only asks whether a credential is
well known holds no grammar.
"""
