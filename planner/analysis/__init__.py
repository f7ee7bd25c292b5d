"""Counts over courses and over all plans; pandas is imported inside its functions only."""
