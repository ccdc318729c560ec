"""Engines and models behind the ports of this room."""
