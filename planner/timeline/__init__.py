"""Schedule and Findings to Timeline: lanes and bars in days. No input or output."""
