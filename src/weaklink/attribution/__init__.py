"""Whose part of a total is whose? Shapley values, exact or sampled, and cheaper splits beside them.

A set function says what the total would be if only some players took part: the loss if only some suppliers failed, the
benefit if only some members pooled. It is asked for many coalitions at once. Nothing here knows what players are.
"""
