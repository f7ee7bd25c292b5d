"""What goes on beside the work, from after the first paint on: backups, the lock after idle time, the clipboard."""
