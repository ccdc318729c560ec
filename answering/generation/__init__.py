"""The generated rung: an answer written from what was found, checked before anybody reads it."""
