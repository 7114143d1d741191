"""The gradebook: every check of every account, what was once proved, and what teaching assistants decided.

`merge` and `standing` are pure; `book` knows SQLite; `opening` finds, begins and mends the file; `recording` is what
`grade.py check` does with it. Imports nothing here, since `merge` is wanted without the rest.
"""
