"""The door: what a user can ask for. Screen and command line call these functions and nothing below them."""
