"""Conversations written down as YAML and played against the running assistant; see docs/conversations.md."""
