"""One file per rule operator; qa.rules.operator.OPERATORS lists them."""
