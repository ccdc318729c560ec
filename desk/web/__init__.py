"""What stands around every route: headers, limits, errors, streams."""
