"""Tickets in Zendesk."""
