"""The command line, a second user interface beside the window."""
