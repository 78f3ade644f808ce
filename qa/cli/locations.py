"""Where the database is, from what people type."""

from pathlib import Path


def database_url(asked: str | None) -> str | None:
    """A database URL; a plain file name means SQLite. None stays None: the default place."""
    if not asked:
        return None
    return asked if "://" in asked else f"sqlite:///{Path(asked).absolute()}"


def sqlite_file(url: str | None) -> Path | None:
    """The file of an SQLite URL (default: the user's own), None for a server."""
    if url is None:
        from qa.store.database import default_url

        url = default_url()
    prefix = "sqlite:///"
    return Path(url.removeprefix(prefix)) if url.startswith(prefix) else None
