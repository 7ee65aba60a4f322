"""A list comes back as the employer's own workbook: bad cells coloured, a column of reasons, nothing in it that runs.

Like the reader this knows no database and no web, and works in a process with limits of its own.
"""
