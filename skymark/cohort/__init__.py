"""Many students at once: one function grades one student, and executors run it for many."""
