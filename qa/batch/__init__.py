"""Many calls: finding them, describing them by a manifest, and scoring them in worker processes."""
