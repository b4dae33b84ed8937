"""Who provides what to whom: sheets, chains of inputs, sea passages."""
