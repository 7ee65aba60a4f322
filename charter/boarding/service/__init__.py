"""Acts of boarding, one file each."""
