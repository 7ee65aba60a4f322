"""A worker's request for a journey: window, modes, party, needs, consents and health declaration.

Never gives a seat: that is bookings' business.
"""
