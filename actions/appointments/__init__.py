"""Appointments: booking one, moving it, cancelling it."""
