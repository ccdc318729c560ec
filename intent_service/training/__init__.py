"""Training and export. The only place that imports PyTorch and transformers; serving never does."""
