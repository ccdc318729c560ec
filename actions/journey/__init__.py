"""How every journey runs: read, ask, check who asks, read back, confirm, do. A journey itself is a file beside this."""
