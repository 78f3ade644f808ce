"""Measures of a conversation: times, silence, overlap, rates and politeness (catalogue D)."""
