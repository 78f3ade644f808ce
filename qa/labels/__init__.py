"""What people say about calls: labels, which calls to label next, and whether calls have changed since."""
