"""What departures cost, planned and actual.

It never holds a name.
"""
