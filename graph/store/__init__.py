"""Where facts are kept: one boundary, two stores behind it."""
