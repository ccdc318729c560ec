"""Conversations with known scripts while every process, and the data base, is killed or stalled at random."""
