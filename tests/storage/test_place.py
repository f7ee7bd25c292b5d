"""Shares and folders that are synchronised are recognised; local disks are not taken for them."""

from pathlib import Path

import pytest

from planner.storage.place import Mount, read_mac_mounts, read_mounts, unsafe_place

MOUNTINFO = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/root rw
30 22 0:40 / /vol/ward rw,relatime shared:1 - nfs4 server:/ward rw
31 22 0:41 / /vol/my\040share rw,relatime - cifs //server/share rw
32 22 0:42 / /media/usb rw - vfat /dev/sdb1 rw
33 22 0:43 / /people/ana/far rw - fuse.sshfs ana@far:/ rw
34 30 0:44 / /vol/ward/local rw - ext4 /dev/sdc1 rw
35 22 0:45 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
36 22 0:46 / /over rw - ext4 /dev/x rw
37 22 0:47 / /over rw - smb3 //server/over rw
broken line
"""
MOUNTS = read_mounts(MOUNTINFO)


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("/vol/ward/regimap", "NFS"),
        ("/vol/my share", "SMB"),
        ("/vol/my share/a/b", "SMB"),
        ("/people/ana/far/regimap", "SSHFS"),
        ("/run/user/1000/gvfs/smb", "cloud"),
        ("/over/x", "SMB"),
        ("/vol/ward/local/regimap", ""),
        ("/vol/wardrobe", ""),
        ("/people/ana/.local/share/regimap", ""),
        ("/media/usb/regimap", ""),
    ],
)
def test_mounts(folder, says):
    said = unsafe_place(Path(folder), MOUNTS, {})
    assert (says in said) if says else (said == "")


@pytest.mark.parametrize(
    "kind",
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "davfs", "afpfs", "ceph", "glusterfs", "vboxsf", "vmhgfs",
     "fuse.rclone", "prl_fs", "lustre"],
)  # fmt: skip
def test_every_listed_kind_is_recognised(kind):
    assert unsafe_place(Path("/far/x"), (Mount("/", "ext4"), Mount("/far", kind)), {})


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "apfs", "tmpfs", "overlay", "zfs", "vfat", "exfat", "fuseblk"]
)
def test_local_kinds_are_not(kind):
    assert unsafe_place(Path("/near/x"), (Mount("/", "ext4"), Mount("/near", kind)), {}) == ""


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("OneDrive/regimap", "OneDrive"),
        ("OneDrive - Clinic/regimap", "OneDrive"),
        ("onedrive-personal/x", "OneDrive"),
        ("Dropbox (Work)/x", "Dropbox"),
        ("Google Drive/My Drive/x", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs/x", "iCloud"),
        ("Library/CloudStorage/Other/x", "cloud"),
        ("Nextcloud/x", "Nextcloud"),
        ("Syncthing/x", "Syncthing"),
    ],
)
def test_names_of_synchronised_folders(tmp_path, folder, program):
    assert program in unsafe_place(tmp_path / folder, (), {})


@pytest.mark.parametrize("mark", [".stfolder", ".dropbox", ".nextcloudsync.log", ".SyncID"])
def test_marks_of_synchronised_folders(tmp_path, mark):
    (tmp_path / mark).mkdir()
    assert unsafe_place(tmp_path / "a" / "b", (), {})


def test_folder_that_the_environment_names(tmp_path):
    assert "OneDrive" in unsafe_place(tmp_path / "x", (), {"OneDriveCommercial": str(tmp_path)})
    assert unsafe_place(tmp_path / "x", (), {"OneDrive": ""}) == ""


@pytest.mark.parametrize("name", ["boxes", "my dropboxes", "onedriveless", "sync", "Drive"])
def test_other_names_are_local(tmp_path, name):
    assert unsafe_place(tmp_path / name, (), {}) == ""


def test_this_folder_is_local(tmp_path):
    assert unsafe_place(tmp_path) == ""


def test_list_of_macos():
    text = (
        "/dev/disk1 on / (apfs, local)\n//a@server/ward on /Volumes/Ward 1 (smbfs, nodev)\n"
        "map auto_home on /people (x)\n"
    )
    assert read_mac_mounts(text) == (Mount("/", "apfs"), Mount("/Volumes/Ward 1", "smbfs"), Mount("/people", "x"))
    assert "SMB" in unsafe_place(Path("/Volumes/Ward 1/x"), read_mac_mounts(text), {})
