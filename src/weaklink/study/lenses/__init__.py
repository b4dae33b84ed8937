"""Each lens of a scenario, set up from data: the rooms of analysis joined with what they need to know."""
