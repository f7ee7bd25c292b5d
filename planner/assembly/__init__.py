"""Plan to Schedule: days to dates, protocol doses to single doses, each with its steps. No input or output."""
