"""Measurements of this room: ``python -m answering.evaluation grounding|escalation|injection|personal-data|answers``."""
