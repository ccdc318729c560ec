"""Frontdesk under load, side by side with what it is measured against. ``python -m benchmarks.<name>``."""
