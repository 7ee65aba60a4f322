"""The desk's pages about people: lists, one person, his seats, cases; each reader sees its own people only."""
