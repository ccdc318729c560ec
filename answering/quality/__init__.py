"""What stands between a language model and the customer."""
