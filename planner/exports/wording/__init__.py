"""Words for paper: doses, orders, changes and spans as people read them."""
