"""Doors: what the pages of the site show."""
