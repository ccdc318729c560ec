"""Clients of language models, each behind the port ``LanguageModel``."""
