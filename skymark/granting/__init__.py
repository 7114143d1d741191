"""What a student sets up so that a grader may look into their account, and the external ids of a class."""
