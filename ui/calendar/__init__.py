"""The course as weeks under each other: a month view of the same events."""
