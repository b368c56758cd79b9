"""Where conversations are kept: in memory, or in SQLite or PostgreSQL; nothing more than needed."""
