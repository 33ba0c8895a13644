"""Where to put the world's accelerators, month by month, and what powers them."""
