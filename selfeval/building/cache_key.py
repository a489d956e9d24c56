"""The key that vouches for `.cache`: a secret of this user, outside of everything that is handed around.

What lies in an output folder may come from anybody. Only a memory that bears the seal of this user's key is believed;
any other is as good as none.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from selfeval.base.files import open_file

NAME, BYTES = "cache.key", 32
PRIVATE = 0o600


def state_folder() -> Path:
    """Where this user's programs keep what is theirs."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "selfeval"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "selfeval"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state") / "selfeval"


def cache_key() -> bytes:
    """This user's key, made where there is none; b"" where none can be kept."""
    try:
        return _read() or _made()
    except (OSError, RuntimeError):  # RuntimeError: nobody knows a home
        return b""


def _read() -> bytes:
    """The key there is; b"" where there is none, or one that others may read or have put there."""
    try:
        with open_file(state_folder() / NAME) as stream:
            status = os.fstat(stream.fileno())
            key = stream.read(BYTES + 1)
    except FileNotFoundError:
        return b""
    return key if len(key) == BYTES and _is_private(status) else b""


def _is_private(status: os.stat_result) -> bool:
    """Whether only this user can read a file; Windows keeps a user's folder to himself."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.getuid() and not stat.S_IMODE(status.st_mode) & ~PRIVATE


def _made() -> bytes:
    """A new key; of two programs that make one at once, the first one's."""
    folder = state_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, part = folder / NAME, folder / f"{NAME}.{secrets.token_hex(8)}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
        if _read():
            return _read()
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()
    return _read()


def sealed(content: bytes, key: bytes) -> bytes:
    """A content under the seal of a key."""
    return _seal(content, key) + b"\n" + content


def unsealed(data: bytes, key: bytes) -> bytes:
    """The content of what bears the seal of a key; raises `ValueError` for anything else."""
    seal, _, content = data.partition(b"\n")
    if not key or not hmac.compare_digest(seal, _seal(content, key)):
        raise ValueError(NAME)
    return content


def _seal(content: bytes, key: bytes) -> bytes:
    return hmac.new(key, content, sha256).hexdigest().encode()
