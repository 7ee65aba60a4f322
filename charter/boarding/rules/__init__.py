"""The rules of boarding: verdicts, times, states. Pure; their twins in JavaScript run the same test vectors.

They never read a clock, a database or a request: what is known comes in, what follows goes out.
"""
