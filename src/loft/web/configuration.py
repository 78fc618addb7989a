"""The settings of a body's own Løft, read from ``LOFT_`` variables; nonsense is refused with a sentence that says what to write."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from loft.language import LANGUAGES
from loft.log import MINIMUM

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_SQLITE = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode = WAL"}
"""Whoever writes waits for whoever writes already, and readers wait for nobody."""
_SIZES = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
KNOWN = (
    "LOFT_HOME",
    "LOFT_DATABASE_URL",
    "LOFT_SECRET_KEY",
    "LOFT_MINIMUM_CASES",
    "LOFT_ALLOWED_HOSTS",
    "LOFT_LANGUAGE",
    "LOFT_UPLOAD_LIMIT",
    "LOFT_ATTACHMENT_LIMIT",
    "LOFT_DEBUG",
)
"""Every setting, as documented in docs/administrators.md."""


class ConfigurationError(Exception):
    """A setting that cannot be used; the message names it and says what to write."""


@dataclass(frozen=True)
class Configuration:
    """Checked settings.

    ``home`` holds the logs (``logs/<name>/``), uploads under way and the database. ``minimum`` is the fewest cases a figure may
    rest on. ``upload_limit`` and ``attachment_limit`` are in bytes.
    """

    home: Path
    database_url: str
    secret_key: str
    minimum: int = MINIMUM
    allowed_hosts: tuple[str, ...] = LOOPBACK
    language: str = "nb"
    upload_limit: int = 10**9
    attachment_limit: int = 20 * 10**6
    debug: bool = False

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def uploads(self) -> Path:
        return self.home / "uploads"

    @property
    def attachments(self) -> Path:
        return self.home / "attachments"

    @property
    def cells(self) -> Path:
        """Where cells are kept between looks, a folder for each log."""
        return self.home / "cells"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Configuration":
        """The configuration in *environment*. Raises ``ConfigurationError``."""
        home = Path(environment.get("LOFT_HOME") or "loft-home").expanduser().absolute()
        _check_home(home)
        return cls(
            home=home,
            database_url=_database(environment.get("LOFT_DATABASE_URL") or f"sqlite:///{home / 'loft.sqlite3'}"),
            secret_key=_secret(environment.get("LOFT_SECRET_KEY"), home),
            minimum=_minimum(environment.get("LOFT_MINIMUM_CASES") or str(MINIMUM)),
            allowed_hosts=_hosts(environment.get("LOFT_ALLOWED_HOSTS") or ",".join(LOOPBACK)),
            language=_language(environment.get("LOFT_LANGUAGE") or "nb"),
            upload_limit=_size("LOFT_UPLOAD_LIMIT", environment.get("LOFT_UPLOAD_LIMIT") or "1 GB"),
            attachment_limit=_size("LOFT_ATTACHMENT_LIMIT", environment.get("LOFT_ATTACHMENT_LIMIT") or "20 MB"),
            debug=_switch("LOFT_DEBUG", environment.get("LOFT_DEBUG") or "no"),
        )


def _check_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        trial = home / f".trial-{secrets.token_hex(4)}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"LOFT_HOME: {home} cannot be written to ({error.strerror}). Name a folder that can."
        ) from error


def _secret(value: str | None, home: Path) -> str:
    """The secret key that was set, else the one kept in the home folder, made the first time."""
    if value is not None:
        if len(value) < 32:
            raise ConfigurationError(
                "LOFT_SECRET_KEY must have at least 32 characters. Leave it out to have one made and kept in LOFT_HOME."
            )
        return value
    path = home / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < 32:
        raise ConfigurationError(
            f"{path} is damaged: it must hold at least 32 characters. Delete it to have a new one made."
        )
    return key


def _minimum(value: str) -> int:
    if not value.isdecimal() or int(value) < MINIMUM:
        raise ConfigurationError(
            f"LOFT_MINIMUM_CASES is {value!r}; write a whole number, {MINIMUM} or more. "
            "Figures on fewer cases could tell something about somebody."
        )
    return int(value)


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    outside = [host for host in hosts if not is_loopback(host)]
    if outside:
        raise ConfigurationError(
            f"LOFT_ALLOWED_HOSTS names {', '.join(outside)}, but Løft has no accounts yet and answers only on this machine: "
            f"use {', '.join(LOOPBACK)}, or leave it out."
        )
    return hosts


def is_loopback(host: str) -> bool:
    """Whether *host*, a name or an address without port, is this machine and nothing else."""
    host = host.strip("[]").lower()
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ConfigurationError(f"LOFT_LANGUAGE is {value!r}; choose one of {', '.join(LANGUAGES)}.")
    return value


def _size(name: str, value: str) -> int:
    number, unit = value.strip()[:-2].strip(), value.strip()[-2:].upper()
    if unit not in _SIZES or not number.isdecimal() or int(number) == 0:
        raise ConfigurationError(f"{name} is {value!r}; write a number and a unit, such as 500 MB or 2 GB.")
    return int(number) * _SIZES[unit]


def _switch(name: str, value: str) -> bool:
    if value.lower() not in ("yes", "no"):
        raise ConfigurationError(f"{name} is {value!r}; write yes or no.")
    return value.lower() == "yes"


def _database(url: str) -> str:
    scheme = urlsplit(url).scheme
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ConfigurationError(
            f"LOFT_DATABASE_URL begins with {scheme or url!r}; write sqlite:///path/to/file or postgres://user:password@host/database."
        )
    if not urlsplit(url).path.strip("/"):
        raise ConfigurationError(
            "LOFT_DATABASE_URL names no database; it comes last: postgres://user:password@host/database."
        )
    return url


def database(url: str) -> dict[str, object]:
    """What Django needs to know of the database that *url* (checked) names."""
    parts = urlsplit(url)
    name = unquote(parts.path)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name[1:], "OPTIONS": _SQLITE}
    options = dict(pair.split("=", 1) for pair in unquote(parts.query).split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
