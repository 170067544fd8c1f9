"""The pages of a moderngov site, one module for each kind: pure functions from the state of the site to text."""
