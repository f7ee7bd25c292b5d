"""The hand-over sheet: the next weeks, what runs daily, what is not to be given, what is open."""
