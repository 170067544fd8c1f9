"""An SMTP server with moods."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from typing import Any


class MailServer:
    """An SMTP server whose moods a test sets: by recipient, or `mood` for all. Notes what it took, by recipient.

    "451" and "550" refuse the recipient; "451 data" the mail; "silent" greets and says no more; "dies" closes the
    connection after it has taken the mail, without the 250; "down" closes at once.
    """

    def __init__(self) -> None:
        self.mood = ""
        self.moods: dict[str, str] = {}
        self.took: list[tuple[str, str]] = []
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        self._listener.close()

    def counts(self) -> Counter[str]:
        return Counter(to for to, _ in self.took)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as wire:
            try:
                self._talk(wire)
            except (OSError, ValueError):
                return

    def _talk(self, wire: Any) -> None:
        def say(line: str) -> None:
            wire.write(f"{line}\r\n".encode())
            wire.flush()

        if self.mood == "down":
            return
        say("220 town mail")
        if self.mood == "silent":
            self._closing.wait(60)
            return
        to: list[str] = []
        for raw in wire:
            line = raw.decode("latin-1").strip()
            verb = line[:4].upper()
            if verb == "RCPT":
                who = line.partition("<")[2].partition(">")[0]
                mood = self.moods.get(who, self.mood)
                if mood in ("451", "550"):
                    say(f"{mood} not {'now' if mood == '451' else 'here'}")
                else:
                    to.append(who)
                    say("250 ok")
            elif verb == "DATA":
                if self.mood == "451 data":
                    say("451 try later")
                    continue
                say("354 go on")
                lines = []
                while (text := wire.readline().decode("latin-1").rstrip("\r\n")) != ".":
                    lines.append(text)
                name = next(line for line in lines if line.lower().startswith("message-id:"))
                self.took += [(each, name) for each in to]
                if self.mood == "dies" or any(self.moods.get(each) == "dies" for each in to):
                    return
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                to = [] if verb in ("RSET", "MAIL") else to
                say("250 ok")
