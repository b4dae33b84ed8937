"""Who provides what to whom, beyond goods in trade data: technologies, services, infrastructures, sea passages."""
