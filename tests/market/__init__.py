"""Claims on the lenses of the market."""
