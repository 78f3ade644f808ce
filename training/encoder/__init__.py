"""Teaches the encoder; see docs/training.md."""
