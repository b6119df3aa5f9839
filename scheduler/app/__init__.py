"""Use cases with files and exit codes. Nothing here prints; what people are shown is returned as data."""
