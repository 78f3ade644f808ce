"""Readers of ready transcripts, one file format each, chosen by content."""
