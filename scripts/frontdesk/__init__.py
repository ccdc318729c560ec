"""The driver behind the Makefile: environments, steps, processes. Standard library only."""
