"""The knowledge index: ingest of the company's documents, lexical and dense search, one calibrated relevance."""
