"""EvaluatedPlan to sheets, tables and files; reportlab and pandas are imported inside functions only."""
