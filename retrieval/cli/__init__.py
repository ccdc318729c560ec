"""``python -m retrieval``: what the people who keep the knowledge do with it."""
