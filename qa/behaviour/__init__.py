"""Turn behaviour (catalogue B and C): what a single turn of a call does, from its words and what came before it."""
