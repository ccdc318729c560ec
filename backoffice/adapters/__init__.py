"""Where the ports are kept: an SQL data base, or memory."""
