"""Makes and plays the demo campaign through the public faces of the other rooms.

It never runs on an installation that holds real people.
"""
