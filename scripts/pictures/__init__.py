"""``make pictures``: the pictures of the documentation, taken from a running throw-away Frontdesk."""
