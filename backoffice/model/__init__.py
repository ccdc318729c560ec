"""The back office's frozen values."""
