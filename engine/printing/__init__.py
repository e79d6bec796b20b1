"""Printing a plan as Python: forward methods, classes with their arguments, and lines of a readable width."""
