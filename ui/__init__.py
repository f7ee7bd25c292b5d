"""The window (PySide6). Views read EvaluatedPlan and ask for changes; only PlanDocument holds one."""
