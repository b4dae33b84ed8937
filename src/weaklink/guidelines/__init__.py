"""How does each member stand against each requirement of a resilience guideline?"""
