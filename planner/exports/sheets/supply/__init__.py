"""The supply sheet: what is taken home, how far it goes on, and what is not handed out."""
