"""From an untrusted spreadsheet to judged rows, as the roster contract says.

Never imports Flask, a database, models or services, and never evaluates a formula or a macro.
"""
