"""Who owns a conversation, and the way to a person and back."""
