"""What the two Python environments share: wire types and names. Standard library only, Python 3.10."""
