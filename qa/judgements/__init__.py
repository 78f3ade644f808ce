"""What follows from findings: flows, elements, outlooks, the complaint register, and lessons. Pure functions."""
