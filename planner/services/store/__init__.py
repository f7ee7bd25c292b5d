"""Plans in the user's store and in files: kept, protected, found again, handed over."""
