"""Runs the command line as `python -m lateedition`."""

from lateedition.cli import main

if __name__ == "__main__":
    main()
