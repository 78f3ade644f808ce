"""How accurate the published models and rules are on labelled calls that are not ours; only counts come out."""
