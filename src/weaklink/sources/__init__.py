"""How do foreign files become our tables? One file per format, one door for all of them."""
