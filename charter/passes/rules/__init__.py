"""What a pass says and how it is checked: pure, the same on the server and (in JavaScript) on the phone.

It never reads a clock, a database or a request.
"""
