"""Who gets what answer at every address: a table that is written by a walk over all of them, read, and committed."""
