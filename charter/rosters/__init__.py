"""Employers' lists: upload, preview, commit; the pure reader stands in reader/.

It never guesses, and writes nothing for a file refused whole.
"""
