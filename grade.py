#!/usr/bin/env python3
"""Skymark's command line in a checkout of the repository; where it is installed, the same is called `skymark`."""

from skymark.command_line import app, main

__all__ = ["app", "main"]

if __name__ == "__main__":
    main()
