"""Skymark's engine: it looks, judges, scores and reports, and knows no lesson."""

__version__ = "0.1.0"
