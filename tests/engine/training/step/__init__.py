"""The steps of a training: plain and traced, and what they are made of."""
