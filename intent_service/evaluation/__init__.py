"""Measuring a model on sentences that it was not trained on."""
