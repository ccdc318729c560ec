"""The outside world as this room uses it."""
