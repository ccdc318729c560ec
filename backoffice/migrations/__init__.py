"""Alembic migrations of the back office; run by ``python -m backoffice migrate``."""
