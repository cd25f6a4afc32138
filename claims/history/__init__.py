"""What happened to a row and all that hangs on it: one entry a save, with who, when, why, and what changed."""
