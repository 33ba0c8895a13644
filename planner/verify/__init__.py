"""The verifier: reads a run folder with pandas alone and derives every balance, limit, cost and hash once more.

It imports nothing of the model, the reader or the solver: what they got wrong must not be wrong here in the same way.
Orbit coefficients are taken from their table (physics is tested by itself) and checked only for what no physics can break.
"""
