"""The timeline: geometry (no Qt), the painted widget, its drag."""
