"""What a plan, an edit or two plans come to, told for people; nothing here changes a plan."""
