"""`python -m skymark`: the command line, where no folder of commands is on the path."""

from skymark.command_line import main

if __name__ == "__main__":
    main()
