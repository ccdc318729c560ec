"""Guards on what comes in. Signals, never the wall: that is rights in code, narrow tools and a checked output."""
