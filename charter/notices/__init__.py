"""Messages to people: templates, outbox, gateways.

It never decides who should be told.
"""
