"""The board on the projector: the lesson's timetable against the clock, and how far the class is."""
