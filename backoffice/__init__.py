"""Customers, orders, refunds and tickets of the company, and the rules of who may see what.

The rules live here and not in the dialogue: a caller names its conversation, and this room decides by itself
which customer that conversation has proved to be. Start at ``bootstrap.build_backoffice``.
"""
