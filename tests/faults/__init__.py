"""Planted faults: one at a time, in a copy of the tree, each with the test that must go red. `make faults` runs them."""
