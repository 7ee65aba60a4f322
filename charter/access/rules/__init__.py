"""Pure rules of access. Never reads a clock, a database or a request."""
