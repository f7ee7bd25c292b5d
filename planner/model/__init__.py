"""Nouns: frozen values and their own invariants. Standard library only; no input or output."""
