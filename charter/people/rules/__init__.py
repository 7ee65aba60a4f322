"""Pure rules about a person's name, documents, phone and an employer's code.

Never reads a clock, a database or a request.
"""
