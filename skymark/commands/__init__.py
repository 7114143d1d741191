"""The commands of the command line, a module for each group: they parse, call and print. Nothing slow is imported."""
