"""Callgrade scores call-centre recordings; the import stays light so that `qa --help` is quick."""

__version__ = "0.1.0"
