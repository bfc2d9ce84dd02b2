"""Where the command begins, `corridor-net` or `python -m corridor_net`: it can be stopped while it still loads."""

import sys


def start() -> None:
    """Run the command."""
    try:
        from corridor_net.cli.main import main
    except KeyboardInterrupt:
        print("stopped; nothing was left half-written", file=sys.stderr)
        sys.exit(130)
    main()


if __name__ == "__main__":
    start()
