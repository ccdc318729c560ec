"""Entities by rules and libraries: numbers, addresses, dates, amounts, and the words of lookups."""
