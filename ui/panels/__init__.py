"""What fills the rooms of the window: each part shows one side of the evaluated plan."""
