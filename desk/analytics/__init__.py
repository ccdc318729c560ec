"""The numbers, each with its definition and the conversations behind it."""
