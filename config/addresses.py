"""What stands behind the addresses of the operator's file: variables filled in, read by Apprise, each recipient alone.

Only commands that send, and `check`, come here: it needs the secrets. Apprise takes a quarter of a second and much memory
to load, and is loaded when somebody is written to, or when an address was not read before. Seen with Apprise 2.2: several
recipients in one URL give one result between them, so that one bad address would delay the others; and a recipient that
it cannot read is dropped without a word.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

from pydantic import SecretStr

from config.errors import nearest, quoted
from config.settings import Settings
from config.source import source_of
from config.tables import VARIABLE
from config.toml_lines import Place
from config.web_addresses import web_address

RUN_SECRETS = Path("/run/secrets")
"""Where container engines put secrets, a file for each."""

_READING = 1
"""To be raised where `read_address` is changed so that it gives other URLs for the same text."""

_MAIL = ("mailto", "mailtos")
_HOOKS = {"json": "json hook", "xml": "xml hook", "form": "form hook"}
_PLAIN_MAIL = re.compile(r"[^@\s/:]+@[^@\s/:]+")
_SEVERAL = re.compile(r"[\s,;][A-Za-z][A-Za-z0-9+.-]*://")
_RECIPIENT_KEYS = ("to", "cc", "bcc")


@dataclass(frozen=True, slots=True)
class Address:
    """One recipient. `url` is never shown; `label` is safe to store and to show."""

    url: SecretStr
    label: str
    """Like "mail to r…@example.org", "slack #planning", "json hook at 127.0.0.1"."""
    scheme: str
    """Apprise's name for the service: "mailto", "mailtos", "slack", "json", ..."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Everybody's addresses, in the order of the file; each subscriber by name."""

    of_subscriber: Mapping[str, tuple[Address, ...]]
    operator: tuple[Address, ...]
    heartbeat: str | None


class Unread:
    """Everybody's addresses with every ${VAR} filled in, which Apprise reads when somebody is first asked for.

    `mark` is the same as long as all of them are, and as Apprise is: what it once could read need not be read again to
    know that it can be. It is of secrets, so it is hashed with a key wherever it is kept.
    """

    def __init__(self, settings: Settings, environ: Mapping[str, str], *, run_secrets: Path = RUN_SECRETS) -> None:
        """`${VAR}` comes from the environment, else from the file that the variable VAR_FILE names, else from
        `run_secrets`.

        Raises:
            ConfigError: a variable is missing; nothing of an address is repeated.
        """
        fill = _Filler(settings.path.parent, environ, run_secrets)
        self._settings = settings
        self._operator = self._filled(fill, ("operator",), settings.operator.to)
        heartbeat = settings.operator.heartbeat
        with _said_of(settings, ("operator", "heartbeat"), heartbeat or ""):
            self.heartbeat = web_address(fill(heartbeat)) if heartbeat is not None else None
        self._of_subscriber = {
            subscriber.name: self._filled(fill, ("subscriber", number), subscriber.to)
            for number, subscriber in enumerate(settings.subscribers)
        }

    @property
    def mark(self) -> str:
        everybody = [_READING, version("apprise"), self._operator, *self._of_subscriber.items()]
        return sha256(json.dumps(everybody).encode()).hexdigest()

    @property
    def of_subscriber(self) -> Mapping[str, tuple[Address, ...]]:
        return self.read().of_subscriber

    @property
    def operator(self) -> tuple[Address, ...]:
        return self.read().operator

    def read(self) -> Addresses:
        """Has Apprise read every address, once.

        Raises:
            ConfigError: one cannot be read; nothing of an address is repeated.
        """
        return self._read

    @cached_property
    def _read(self) -> Addresses:
        of_subscriber = {
            name: self._addresses(("subscriber", number), filled)
            for number, (name, filled) in enumerate(self._of_subscriber.items())
        }
        operator = self._addresses(("operator",), self._operator)
        return Addresses(MappingProxyType(of_subscriber), operator, self.heartbeat)

    def _filled(self, fill: _Filler, place: Place, written: Sequence[str]) -> list[tuple[str, str]]:
        """Each address as written and as filled in."""
        filled = []
        for number, text in enumerate(written):
            with _said_of(self._settings, (*place, "to", number), text):
                filled.append((text, fill(text)))
        return filled

    def _addresses(self, place: Place, filled: Sequence[tuple[str, str]]) -> tuple[Address, ...]:
        found: dict[str, Address] = {}
        for number, (text, url) in enumerate(filled):
            with _said_of(self._settings, (*place, "to", number), text):
                for address in read_address(url):
                    found.setdefault(address.url.get_secret_value(), address)
        return tuple(found.values())


def resolve(settings: Settings, environ: Mapping[str, str], *, run_secrets: Path = RUN_SECRETS) -> Addresses:
    """Fill in every ${VAR}, and have Apprise read every address, here and now.

    Raises:
        ConfigError: a variable is missing, or an address cannot be read; nothing of an address is repeated.
    """
    return Unread(settings, environ, run_secrets=run_secrets).read()


def read_address(url: str) -> tuple[Address, ...]:
    """The recipients of one Apprise URL, each with a URL of its own.

    Raises:
        ValueError: Apprise cannot read it, or not all of it.
    """
    from apprise import Apprise  # noqa: PLC0415 slow to load
    from apprise.plugins import url_to_dict  # noqa: PLC0415

    if _SEVERAL.search(url):
        raise ValueError("holds several addresses; give each its own entry")
    with _silence("apprise"):
        parts: dict[str, Any] | None = url_to_dict(url)  # type: ignore[no-untyped-call]
        service: Any = Apprise.instantiate(dict(parts), suppress_exceptions=True) if parts else None
        if parts is None or service is None:
            raise ValueError(_unreadable(url))
        scheme = str(parts["schema"])
        if scheme in _MAIL:
            return tuple(
                Address(SecretStr(single), f"mail to {_shortened(recipient)}", scheme)
                for recipient, single in _each_recipient(url, service)
            )
        return tuple(
            Address(SecretStr(single_url), _label(scheme, single), scheme)
            for single_url, single in _each_target(url, parts, service)
        )


class _Filler:
    """Puts values in the place of variables."""

    def __init__(self, folder: Path, environ: Mapping[str, str], run_secrets: Path) -> None:
        self.folder = folder
        self.environ = environ
        self.run_secrets = run_secrets

    def __call__(self, text: str) -> str:
        return VARIABLE.sub(lambda found: self._value(found[1]), text).strip()

    def _value(self, name: str) -> str:
        value = self.environ.get(name)
        source = f"${{{name}}}"
        if value is None:
            file = self._file(name)
            source = f"{file}, which holds {source},"
            value = self._read(file)
        value = value.strip()
        if not value:
            raise ValueError(f"{source} is empty")
        if not value.isprintable():
            raise ValueError(f"{source} must be one line of text")
        return value

    def _file(self, name: str) -> Path:
        named = self.environ.get(f"{name}_FILE")
        if named:
            return self.folder / named
        for file in (self.run_secrets / name, self.run_secrets / name.lower()):
            if file.is_file():
                return file
        close = nearest(name, (known for known in self.environ if len(known) > 3))
        meant = f"; did you mean ${{{close}}}?" if close else ""
        raise ValueError(
            f"${{{name}}} is not set; put it into the environment, into a file that {name}_FILE names, "
            f"or into {self.run_secrets / name}{meant}"
        )

    def _read(self, file: Path) -> str:
        try:
            with file.open(encoding="utf-8") as opened:
                return opened.read(10_000)
        except UnicodeDecodeError:
            raise ValueError(f"{file} is not UTF-8 text") from None
        except (OSError, ValueError) as error:
            raise ValueError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def _said_of(settings: Settings, place: Place, written: str) -> Iterator[None]:
    """A ValueError of the block is the config's error at `place`."""
    try:
        yield
    except ValueError as error:
        variables = " ".join(dict.fromkeys(found[0] for found in VARIABLE.finditer(written)))
        known = f"{variables}: " if variables and variables not in str(error) else ""
        raise source_of(settings.path).error(place, f"{known}{error}") from None


def _unreadable(url: str) -> str:
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415

    if _PLAIN_MAIL.fullmatch(url) or re.match(r"mailtos?:(?!//)", url, re.IGNORECASE):
        return (
            "a mail address alone does not say by which server; write it as "
            "mailtos://USER:PASSWORD@MAIL-SERVER?from=SENDER&to=RECIPIENT"
        )
    scheme, given, _ = url.partition("://")
    manager: Any = NotificationManager  # untyped
    known = [str(name) for name in manager().schemas()]
    if not given or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]{0,30}", scheme):
        return 'is not an address that Apprise can read; it begins like "mailtos://", "slack://" or "jsons://"'
    if scheme.lower() in known:
        return f"Apprise cannot read what follows {scheme.lower()}://; appriseit.com tells how it is written"
    if scheme.lower() in ("http", "https"):
        return "Apprise does not know this web address; for a web hook of your own write jsons:// in place of https://"
    close = nearest(scheme, known)
    meant = f"; did you mean {quoted(close + '://')}?" if close else "; appriseit.com lists what it knows"
    return f"Apprise does not know {quoted(scheme + '://')}{meant}"


def _each_recipient(url: str, service: Any) -> Iterator[tuple[str, str]]:
    """Each mail recipient, copies included, with a URL that names it alone."""
    head, _, query = url.partition("?")
    scheme, _, rest = head.partition("://")
    server, _, path = rest.partition("/")
    options = [option for option in query.split("&") if option]
    listed = [option.partition("=")[2] for option in options if _key(option) in _RECIPIENT_KEYS]
    written = {name.strip().lower() for text in (*path.split("/"), *listed) for name in re.split("[,;]", unquote(text))}
    read = list(dict.fromkeys([*(mail for _, mail in service.targets), *sorted(service.cc), *sorted(service.bcc)]))
    if len(written - {""}) > len(read):
        raise ValueError("not every recipient can be read as a mail address; write to=ONE@EXAMPLE.ORG,TWO@EXAMPLE.ORG")
    if not read:
        raise ValueError("names no recipient; add ?to=NAME@EXAMPLE.ORG")
    if len(read) == 1:
        yield read[0], url
        return
    kept = [option for option in options if _key(option) not in _RECIPIENT_KEYS]
    for recipient in read:
        yield recipient, f"{scheme}://{server}?{'&'.join([*kept, 'to=' + quote(recipient, safe='@')])}"


def _key(option: str) -> str:
    return unquote(option.partition("=")[0]).strip().lower()


def _each_target(url: str, parts: Mapping[str, Any], service: Any) -> Iterator[tuple[str, Any]]:
    """Each channel, topic or chat with a URL that names it alone; where that cannot be had, all of them as one."""
    from apprise import Apprise  # noqa: PLC0415

    targets = parts.get("targets") or ()
    singles = []
    if len(service) > 1:
        for target in targets:
            single: Any = Apprise.instantiate({**parts, "targets": [target]}, suppress_exceptions=True)
            if single is not None and len(single) == 1:
                singles.append((str(single.url(privacy=False)), single))
    yield from singles if singles and len(singles) == len(service) else [(url, service)]


def _label(scheme: str, service: Any) -> str:
    channels = [str(channel) for channel in getattr(service, "channels", None) or () if channel]
    if scheme == "slack":
        named = [f" #{channel.lstrip('#')}" for channel in channels if re.fullmatch(r"#?[\w-]{1,80}", channel)]
        return "slack" + "".join(named)
    name = _HOOKS.get(scheme.removesuffix("s"), str(service.service_name).lower())
    # Where every form of the address begins with a host, it is one; elsewhere a token may stand in its place.
    at_host = all(re.search(r"^\{schema\}://(\{\w+\}(:\{\w+\})?@)?\{host\}", form) for form in service.templates)
    return f"{name} at {service.host}" if at_host and service.host else name


def _shortened(mail: str) -> str:
    local, _, host = mail.rpartition("@")
    return f"{local[:1]}…@{host}"


@contextmanager
def _silence(name: str) -> Iterator[None]:
    """Apprise logs addresses that it cannot read, passwords and all."""
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
