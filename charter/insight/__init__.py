"""Overview, demand, report: reads all rooms.

It writes nothing of others.
"""
