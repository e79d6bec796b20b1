"""Tests of `engine.training.compiled`."""
