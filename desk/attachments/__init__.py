"""Files that customers send."""
