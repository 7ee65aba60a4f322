"""Pure rules about what a request says: dates, modes, origin.

Never reads a clock, a database or a request.
"""
