"""What can be wrong with a database, as sentences with their fix."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from qa.bilingual import Bilingual
from qa.errors import DatabaseError

# Text that SQLite puts into its message → stable code and sentence.
_SQLITE: tuple[tuple[str, str, Bilingual], ...] = (
    (
        "file is not a database",
        "not_a_database",
        Bilingual(
            "this file is not an SQLite database; name another file with --database",
            "该文件不是 SQLite 数据库；请用 --database 指定其他文件",
        ),
    ),
    (
        "malformed",
        "damaged",
        Bilingual(
            "the database is damaged; put a backup in its place, or move the file away and score again",
            "数据库已损坏；请用备份替换，或移走该文件后重新评分",
        ),
    ),
    (
        "readonly",
        "read_only",
        Bilingual(
            "the database can only be read; get the right to write the file and its folder, or use --database",
            "数据库只读；请赋予该文件及其文件夹写权限，或用 --database 另选位置",
        ),
    ),
    (
        "is locked",
        "locked",
        Bilingual(
            "another program has kept the database locked for too long; end it, then run the same command again",
            "其他程序长时间锁定数据库；请结束该程序后重新运行同一命令",
        ),
    ),
    (
        "disk is full",
        "disk_full",
        Bilingual(
            "the disk is full; free some space, then run the same command again: finished calls are kept",
            "磁盘已满；请释放空间后重新运行同一命令，已完成的通话不会丢失",
        ),
    ),
    (
        "unable to open",
        "unreachable",
        Bilingual(
            "the database file cannot be opened; check that the path is a file in a folder you may write to",
            "无法打开数据库文件；请检查该路径是否为可写文件夹中的文件",
        ),
    ),
    (
        "disk I/O error",
        "unreachable",
        Bilingual(
            "the disk answered with an error; check the disk, and do not keep the database on a network folder",
            "磁盘读写出错；请检查磁盘，且不要把数据库放在网络文件夹中",
        ),
    ),
)

_LOST = ("OperationalError", "InterfaceError")


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn the database's own errors into DatabaseError; errors in our statements pass through."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        # Only the driver's words: SQLAlchemy's text holds the statement's data too.
        said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        told = _sqlite_fault(url, said) if url.get_backend_name() == "sqlite" else _server_fault(url, error)
        if told is None:
            raise
        raise told from error


def place_of(url: URL) -> str:
    """The database's file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def _sqlite_fault(url: URL, text: str) -> DatabaseError | None:
    for part, code, message in _SQLITE:
        if part in text:
            return DatabaseError(en=message.en, zh=message.zh, path=place_of(url), code=code)
    return None


def _server_fault(url: URL, error: Exception) -> DatabaseError | None:
    if not (isinstance(error, DBAPIError) and (error.connection_invalidated or type(error).__name__ in _LOST)):
        return None
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    return DatabaseError(
        en=f"the database server did not do it: {reason}; check the address, the password and that it runs",
        zh=f"数据库服务器未能完成操作：{reason}；请检查地址、密码以及服务器是否运行",
        path=place_of(url),
        code="unreachable",
    )


def bad_url(url: str) -> DatabaseError:
    """An address that names no database we can use."""
    shown = url.rsplit("@", maxsplit=1)[-1]
    return DatabaseError(
        en=f"not a database address: {shown!r}; allowed are sqlite:///FILE and postgresql://USER@HOST/NAME",
        zh=f"不是有效的数据库地址：{shown!r}；可用 sqlite:///文件 或 postgresql://用户@主机/库名",
        code="bad_url",
    )


def no_driver(url: URL) -> DatabaseError:
    """PostgreSQL asked for without its driver."""
    return DatabaseError(
        en="PostgreSQL needs the package psycopg; run: pip install 'psycopg[binary]'",
        zh="使用 PostgreSQL 需要 psycopg 包；请运行：pip install 'psycopg[binary]'",
        path=place_of(url),
        code="no_driver",
    )


def not_ours(url: URL) -> DatabaseError:
    """An SQLite file that holds another program's tables."""
    return DatabaseError(
        en="this SQLite file belongs to another program and is left alone; name another file with --database",
        zh="该 SQLite 文件属于其他程序，未作改动；请用 --database 指定其他文件",
        path=place_of(url),
        code="not_ours",
    )


def newer_schema(url: URL, found: str, known: str) -> DatabaseError:
    """A database written by a later Callgrade."""
    return DatabaseError(
        en=f"the database has schema {found}, this version knows {known}; install the newer Callgrade that wrote it",
        zh=f"数据库结构版本为 {found}，本程序仅支持 {known}；请安装写入它的较新版本 Callgrade",
        path=place_of(url),
        code="newer_schema",
    )


def no_database(url: URL) -> DatabaseError:
    """A file to be read that does not exist."""
    return DatabaseError(
        en="no such database; name one that qa score has written",
        zh="没有这个数据库；请指定 qa score 写入的数据库",
        path=place_of(url),
        code="no_database",
    )


def older_schema(url: URL, found: str | None, known: str) -> DatabaseError:
    """A database that would have to be migrated first."""
    return DatabaseError(
        en=f"the database has schema {found or 'none'}, this version reads {known}; qa doctor --database brings it up",
        zh=f"数据库结构版本为 {found or '无'}，本程序读取 {known}；请用 qa doctor --database 升级",
        path=place_of(url),
        code="older_schema",
    )
