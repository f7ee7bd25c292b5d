"""EvaluatedPlan to sheets: one file a sheet, what is on it, no points or fonts."""
