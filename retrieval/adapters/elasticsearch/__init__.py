"""The Elasticsearch engine: versioned indices behind an alias."""
