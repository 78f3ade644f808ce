"""Customer type (catalogue A): demanding, confused or agitated, from the words of a call."""
