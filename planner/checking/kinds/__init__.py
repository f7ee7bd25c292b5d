"""One file a rule kind; the table of kinds stands in planner.checking.check."""
