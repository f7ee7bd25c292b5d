"""What people ask for: each intent asks its question where it has one, then edits the document once, by name."""
