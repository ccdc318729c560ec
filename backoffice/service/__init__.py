"""The rules, free of any database."""
