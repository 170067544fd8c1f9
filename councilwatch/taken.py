"""The config that a daemon goes by: taken over when its files change, or refused with the old one kept."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from config.addresses import Addresses, resolve
from config.errors import ConfigError
from config.settings import Settings
from config.topics import TopicError
from councilwatch.poll import Poller, share_in_words, sources
from councilwatch.program import Program
from scraper.fetch import Fetcher

log = logging.getLogger("councilwatch")


@dataclass(frozen=True, slots=True)
class Taken:
    """A config with what works by it. Close it when another takes its place."""

    settings: Settings
    addresses: Addresses
    fetcher: Fetcher
    poller: Poller

    def close(self) -> None:
        self.fetcher.__exit__(None, None, None)


class Taking:
    """Takes configs over. `now` is the one that stands; `refusal` why a changed one was refused since, if it was."""

    def __init__(self, program: Program, settings: Settings, stop: threading.Event) -> None:
        """Raises ConfigError where an address cannot be used."""
        self._program = program
        self._stop = stop
        self._seen = mark_of(settings)
        self.now = self._take(settings)
        self.refusal: str | None = None

    def look(self, *, asked: bool) -> bool:
        """Takes the config over where its files have changed, or where that is `asked`; says whether it did.

        One that is wrong is refused with one line in the log. It is tried again, for a secret may be all that it lacks.
        """
        mark = mark_of(self.now.settings)
        if mark == self._seen and self.refusal is None and not asked:
            return False
        try:
            taken = self._take(self._loaded())
        except (ConfigError, TopicError) as error:
            if mark != self._seen or str(error) != self.refusal:
                log.error("the changed config is refused, and the old one stays", extra={"reason": str(error)})  # noqa: TRY400
            self._seen, self.refusal = mark, str(error)
            return False
        self._seen = mark
        self._replace(taken)
        log.info("the config is taken over", extra={"councils": len(taken.settings.councils)})
        return True

    def renew(self) -> None:
        """The same config with nothing remembered of any host but what the database has."""
        self._replace(self._taken(self.now.settings, self.now.addresses), self.refusal)

    def _replace(self, taken: Taken, refusal: str | None = None) -> None:
        self.now.close()
        self.now, self.refusal = taken, refusal

    def _loaded(self) -> Settings:
        settings = self._program.settings()
        if settings.service.database != self.now.settings.service.database:
            raise ConfigError(f"{settings.path}: the database cannot change while the daemon lives; start it anew")
        return settings

    def _take(self, settings: Settings) -> Taken:
        return self._taken(settings, resolve(settings, self._program.environ))

    def _taken(self, settings: Settings, addresses: Addresses) -> Taken:
        if share := share_in_words(settings):
            (log.info if sources(settings) else log.warning)("this machine's share", extra={"share": share})
        fetcher = Fetcher(settings.service.contact, self._program.clock, stop=self._stop)
        poller = Poller(settings, addresses, fetcher, self._program.clock, self._stop)
        return Taken(settings, addresses, fetcher, poller)


def mark_of(settings: Settings) -> str:
    """A hash of the config's content, and of the operator's own topics."""
    files = [settings.path]
    if settings.service.topics is not None:
        files += sorted(settings.service.topics.glob("*.toml"))
    return sha256(b"\0".join(str(file).encode() + b"\0" + _content(file) for file in files)).hexdigest()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
