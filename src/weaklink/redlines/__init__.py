"""Which dependences does a user declare unacceptable, and which of these lines are crossed?"""
