"""The rule engine: a scorecard's rules compiled once, then judged call by call. Start at qa.rules.judge.Judge."""
