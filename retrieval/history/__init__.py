"""Every state the knowledge was in: who changed what and when, and the way back."""
