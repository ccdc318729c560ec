"""The ports in SQLite or PostgreSQL, by SQLAlchemy; nobody outside this folder names SQLAlchemy's errors."""
