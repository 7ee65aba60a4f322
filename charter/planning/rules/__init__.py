"""Rules of planning that need no database.

It never reads a table.
"""
