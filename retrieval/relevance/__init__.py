"""From what both arms say about an entry to the probability that it answers the question."""
