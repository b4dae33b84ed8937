"""What goes wrong, for whom, from when, how it comes back, and what the affected do: one file for every lens."""
