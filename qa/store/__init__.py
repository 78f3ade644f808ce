"""The ledger: every scored call, every failure and every correction by a person, in one database."""
