"""Plan to Schedule: days to dates, protocol doses to single doses, each with the steps that made it. No input or output."""
