"""Records of calls as files: JSON Lines, CSV, a summary, and the JSON Schema of a record."""
