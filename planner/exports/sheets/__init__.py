"""EvaluatedPlan to sheets, a folder or a file each; what several say beside; no points or fonts."""
