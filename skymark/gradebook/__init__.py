"""The gradebook: every check of every account, what was once proved, and what teaching assistants decided.

`merge`, `standing` and `causes` are pure; `book` knows SQLite; `bulk`, `joining`, `regrading` and `exported` are what
assistants do with a whole class; `opening` finds, begins and mends the file; `recording` is what
`grade.py check` does with it. Imports nothing here, since `merge` is wanted without the rest.
"""
