"""From an instance of demand and departures to a plan of vehicles and riders with a proven lower bound.

Pure: never imports the web framework, a database or another room.
"""
