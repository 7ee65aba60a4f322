"""Workers, employers, unions with their districts, and origin partners.

Never decides about seats, and never keeps a document number in the clear.
"""
