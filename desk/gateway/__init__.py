"""Conversations with customers: messages in, answers out, in order, once."""
