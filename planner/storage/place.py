"""What kind of place a folder is: a local disk, or one where a database is not safe to write.

File locks on network shares are not to be relied on, and a program that synchronises folders copies a database while
it is being written. In such places a store is opened to be read only.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

_NETWORK_TYPES = {
    **dict.fromkeys(("nfs", "nfs4", "fuse.nfs", "fuse.fuse-nfs"), "an NFS share"),
    **dict.fromkeys(("cifs", "smb", "smb2", "smb3", "smbfs", "fuse.smbnetfs"), "a Windows share (SMB)"),
    **dict.fromkeys(("fuse.sshfs", "sshfs", "macfuse.sshfs"), "a folder of another computer (SSHFS)"),
    **dict.fromkeys(("davfs", "fuse.davfs", "webdav"), "a WebDAV share"),
    **dict.fromkeys(("afpfs", "afs", "ncpfs", "coda"), "a network share"),
    **dict.fromkeys(
        ("ceph", "fuse.ceph", "glusterfs", "fuse.glusterfs", "lustre", "gpfs", "beegfs"), "a cluster share"
    ),
    **dict.fromkeys(
        ("vboxsf", "vmhgfs", "fuse.vmhgfs-fuse", "prl_fs", "9p", "virtiofs"), "a folder of the host of this machine"
    ),
    **dict.fromkeys(("gfs2", "ocfs2", "fuse.curlftpfs", "fuse.httpfs"), "a network share"),
    **dict.fromkeys(("fuse.rclone", "fuse.gvfsd-fuse", "fuse.s3fs", "fuse.gcsfuse", "fuse.onedriver"), "cloud storage"),
}
_SYNC_NAMES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "mobile documents": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "cloudstorage": "a cloud provider",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pclouddrive": "pCloud",
    "seafile": "Seafile",
    "megasync": "MEGA",
    "box sync": "Box",
    "syncthing": "Syncthing",
    "resilio sync": "Resilio Sync",
}
"""Folder names, in small letters, that a synchronising program gives its own folder. A name goes on after " -" or " (":
"OneDrive - Clinic"."""
_SYNC_MARKS = {
    ".dropbox": "Dropbox",
    ".stfolder": "Syncthing",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".sync_journal.db": "ownCloud",
    ".SyncID": "Resilio Sync",
    "seafile-data": "Seafile",
    ".tmp.drivedownload": "Google Drive",
}
_SYNC_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_ESCAPES = ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\"))
_MOUNTS = Path("/proc/self/mountinfo")


class Mount(Struct, frozen=True):
    """Where a file system hangs in the tree, and its type as the system calls it."""

    point: str
    kind: str


def unsafe_place(
    folder: Path, mounts: Sequence[Mount] | None = None, environment: Mapping[str, str] = os.environ
) -> str:
    """What makes the folder unsafe to write a database in, in words ("an NFS share"); empty for a local folder."""
    whole = folder.expanduser().resolve()
    return (
        _network(str(whole), _mounts() if mounts is None else mounts)
        or _synchronised(whole, environment)
        or _windows_share(whole)
    )


def _network(path: str, mounts: Sequence[Mount]) -> str:
    above = [mount for mount in mounts if path == mount.point or path.startswith(mount.point.rstrip("/") + "/")]
    if not above:
        return ""
    # Of two mounts on one point the later lies over the earlier.
    nearest = max(enumerate(above), key=lambda pair: (len(pair[1].point), pair[0]))[1]
    return _NETWORK_TYPES.get(nearest.kind, "")


def _synchronised(folder: Path, environment: Mapping[str, str]) -> str:
    for name in folder.parts:
        # The name, or its start before "- Clinic" or "(Work)".
        start = re.split(r" -| \(|-", name.casefold(), maxsplit=1)[0]
        if program := _SYNC_NAMES.get(start) or _SYNC_NAMES.get(name.casefold()):
            return f"a folder that {program} synchronises"
    for place in (str(folder), *map(str, folder.parents)):
        for mark, program in _SYNC_MARKS.items():
            if os.path.lexists(f"{place}{os.sep}{mark}"):
                return f"a folder that {program} synchronises"
    for variable in _SYNC_VARIABLES:
        root = environment.get(variable, "")
        if root and folder.is_relative_to(Path(root)):
            return "a folder that OneDrive synchronises"
    return ""


def _windows_share(folder: Path) -> str:
    if folder.drive.startswith("\\\\"):
        return "a Windows share (SMB)"
    if sys.platform == "win32":
        import ctypes

        remote = 4  # DRIVE_REMOTE
        if ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == remote:
            return "a network drive"
    return ""


def _mounts() -> tuple[Mount, ...]:
    """The mounts of this machine; none where the system keeps no list that can be read."""
    if sys.platform == "darwin":
        return _mac_mounts()
    try:
        with _MOUNTS.open("rb") as file:
            return read_mounts(file.read().decode("utf-8", "replace"))
    except OSError:
        return ()


def read_mounts(text: str) -> tuple[Mount, ...]:
    """Linux's list of mounts (proc(5), mountinfo): the mount point is the fifth word, the type follows " - "."""
    found = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        words, kind = left.split(" ", 5), right.partition(" ")[0]
        if len(words) > 4 and kind:
            point = words[4]
            if "\\" in point:
                for escape, character in _ESCAPES:
                    point = point.replace(escape, character)
            found.append(Mount(point, kind))
    return tuple(found)


def _mac_mounts() -> tuple[Mount, ...]:
    import subprocess

    try:
        said = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return read_mac_mounts(said)


def read_mac_mounts(text: str) -> tuple[Mount, ...]:
    """macOS's `mount`: "//user@server/share on /Volumes/share (smbfs, nodev)"."""
    found = []
    for line in text.splitlines():
        _, _, rest = line.partition(" on ")
        point, _, options = rest.rpartition(" (")
        if point and options:
            found.append(Mount(point, options.rstrip(")").split(",")[0].strip()))
    return tuple(found)
