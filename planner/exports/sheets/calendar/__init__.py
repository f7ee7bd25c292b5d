"""The patient's calendar, month by month: its days, items, medicines and first pages."""
