"""What a language model, or another assistant, may look up and propose; the caller's rights hold below it."""
