"""Measurements of this room: ``python -m answering.evaluation <what>``, what being a module here."""
