"""``python -m demo [--port N] [--at 2025-12-04T09:00]``: the demo council in a browser, its clock standing still."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import datetime

from demo.site import Site
from demo.story import storyline


def main() -> None:
    story = storyline()
    reader = argparse.ArgumentParser(prog="python -m demo", description="Serve the demo council on 127.0.0.1.")
    reader.add_argument("--port", type=int, default=0, help="0 takes a free one")
    reader.add_argument(
        "--at", type=datetime.fromisoformat, help="the council's local time; its first moment if left out"
    )
    asked = reader.parse_args()
    moment = asked.at.replace(tzinfo=story.base.zone) if asked.at else story.starts
    with Site(story, lambda: moment, port=asked.port) as site:
        sys.stdout.write(f"{story.council.name} at {site.base_url}/ (Ctrl-C ends it)\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
