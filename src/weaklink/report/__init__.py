"""How does an answer look: on a screen, in a file, on a page?"""
