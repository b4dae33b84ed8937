"""Which country or product does a code or a name mean?"""
