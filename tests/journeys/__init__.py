"""Whole trips on the real window, by mouse and keys."""
