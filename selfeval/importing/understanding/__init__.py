"""From a grid of cells to a draft."""
