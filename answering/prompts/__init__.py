"""Prompts as files: one folder a version, and the profile of the company they are written for."""
