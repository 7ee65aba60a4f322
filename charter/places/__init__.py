"""Where people come from: the dated table of divisions, coordinates, distances, stations and airports.

Never guesses a place, and never derives one from an ID number.
"""
