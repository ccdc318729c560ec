"""Stand-ins and, later, language models behind the ports of this room."""
