"""Trains, measures and publishes the customer-type model: `python -m training`. Not part of the wheel."""
