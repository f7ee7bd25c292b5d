"""The docks: each shows one side of the evaluated plan."""
