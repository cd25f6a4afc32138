"""Finding claims: the terms of their facets, the entries that hold them, and what people type to look for them."""
