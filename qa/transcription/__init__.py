"""Speech to text: the recogniser, its weights, what to trust in its text, and ready transcripts."""
