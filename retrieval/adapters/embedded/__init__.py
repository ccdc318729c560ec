"""The embedded engine: tantivy for words, exact vectors in numpy, generations on disk."""
