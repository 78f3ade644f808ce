"""Recordings as files: reading them safely, decoding them, and finding where people speak."""
