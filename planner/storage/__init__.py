"""Plans on the local disk: one SQLite file, every revision kept."""
