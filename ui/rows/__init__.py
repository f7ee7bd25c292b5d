"""Tables and lists of rows, with the way their rows are drawn; panels and dialogs are made of them."""
