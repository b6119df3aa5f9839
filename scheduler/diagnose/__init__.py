"""Saying no: why not everybody is valid, what cannot hold together, and what would mend it. Solved and checked, never guessed."""
