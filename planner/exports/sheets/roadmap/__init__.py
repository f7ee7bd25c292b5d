"""The pharmacist's roadmap: the grid of each block and what stands around it."""
