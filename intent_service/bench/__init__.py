"""The service under load, beside the naive way to serve the same model."""
