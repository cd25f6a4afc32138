"""Full text on both engines: one tokeniser, one boolean expression, one inverted index a table."""
