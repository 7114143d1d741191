"""Grading what one student handed in, where another program runs it: Gradescope, or Classroom 50."""
