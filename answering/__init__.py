"""The decision what to answer: the ladder from an approved answer down to a person."""
