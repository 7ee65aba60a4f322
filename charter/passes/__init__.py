"""The boarding pass: what its QR says and how it is signed, drawn and shown to the worker.

It never decides who may board (boarding does) and never puts a name or an ID number into the QR.
"""
