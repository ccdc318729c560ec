"""Alembic migrations of the gateway."""
