"""What the two record pages are made of: all that one viewer may see of one claim, or of one article."""
