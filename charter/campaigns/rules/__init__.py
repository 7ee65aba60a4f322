"""Rules of vehicles that need no database: how many seats of an approved number may be sold, when a coach arrives.

It never reads a table.
"""
