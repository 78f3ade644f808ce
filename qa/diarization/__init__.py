"""Who speaks when, and which speaker is the agent."""
