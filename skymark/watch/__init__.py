"""Watching one account while the lesson is done: a glimpse every few seconds, a look when something changed."""
