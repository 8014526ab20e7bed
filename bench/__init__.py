"""`make bench`: how fast and how right, as ratios against named rivals in one run. Never a timed assertion in the tests."""
