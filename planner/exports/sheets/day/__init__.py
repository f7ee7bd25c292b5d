"""The day sheet: its tables, the lists of quiet days, and what may go on behind the drawn ones."""
