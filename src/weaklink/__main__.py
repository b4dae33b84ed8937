"""Run the command line as `python -m weaklink`."""

from weaklink.cli.main import main

if __name__ == "__main__":
    main()
