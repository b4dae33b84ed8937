"""Which measures reduce a risk at the least cost, how sure is that, and what does one more unit of safety cost?"""
