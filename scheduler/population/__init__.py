"""Schools from public tables, with a staff that a stated, seeded method invents."""
