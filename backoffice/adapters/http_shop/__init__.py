"""A shop of one's own, reached over HTTP: docs/shop-api.openapi.json."""
