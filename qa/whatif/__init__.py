"""What another scorecard would have said about calls that were scored before. Start at qa.whatif.trial.Trial."""
