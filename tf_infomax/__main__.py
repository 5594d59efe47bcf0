"""Runs the console script as `python -m tf_infomax`."""

from tf_infomax.commands.main import main

if __name__ == "__main__":
    main()
