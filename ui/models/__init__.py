"""Qt item models over immutable tuples; row numbers only."""
