"""Schedule to Findings: every sequencing rule against the whole course. No input or output."""
