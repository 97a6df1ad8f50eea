"""``python -m klastersim`` is the command line, where the command itself is not on the path."""

from klastersim.cli import main

if __name__ == "__main__":
    main()
