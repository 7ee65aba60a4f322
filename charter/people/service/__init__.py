"""Acts on people and organizations, one file each."""
