"""`regimap store init`, `verify`, `backup`, `restore`, `passphrase`, `erase`: the care for the file itself."""

import argparse
from contextlib import suppress
from pathlib import Path

from planner.cli.plan_access import now_local_offset, now_with_zone, rules_and_agents, site_of, who_is
from planner.cli.store_access import (
    KEY_BESIDE,
    add_passphrase,
    ask_new_passphrase,
    given_passphrase,
    open_archive,
    open_backup_key,
    open_key,
    someone_is_there,
    tell_key_left,
)
from planner.cli.streams import tell, write_text
from planner.errors import EnvironmentProblem, InputProblem, KnownError, Refusal
from planner.model import store_words as words
from planner.model.store import Protection, StoreKey
from planner.paths import settings_file, user_data
from planner.services.evaluation import evaluate
from planner.services.store import keeping, protection
from planner.services.store.archive import Archive, why_read_only
from planner.services.store.protection import STORE_FILE
from planner.services.telling.preview import preview, preview_lines
from planner.settings import load_settings

NO_REVISION = (
    "{what}: a backup is named plans-DATE-NUMBER.db, see regimap store backup --list; to take a plan back to what it "
    "was, say --revision N as well, see regimap store history {what}"
)


def add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """init, verify, backup, restore, passphrase, erase."""
    init = actions.add_parser("init", help="make the store where there is none")
    _add_kinds(init)
    init.set_defaults(run=_init)
    verify = actions.add_parser("verify", help="compare everything with its checksums, the audit trail too")
    verify.set_defaults(run=_verify)
    backup = actions.add_parser("backup", help="write a backup and read it again; or list the backups")
    backup.add_argument("--list", action="store_true", help="the backups that are there")
    backup.add_argument("--to", default="", metavar="DIR", help="a second folder for a copy of the backup")
    backup.set_defaults(run=_backup)
    restore = actions.add_parser("restore", help="put a backup in the store's place, or an older revision of a plan")
    restore.add_argument("what", metavar="BACKUP|PLAN_ID", help="a backup's file name, or a plan with --revision")
    restore.add_argument("--revision", type=int, default=None, metavar="N", help="make this revision the newest again")
    restore.add_argument(
        "--patient-too", action="store_true", help="with --revision: take back what was recorded of the patient since"
    )
    restore.set_defaults(run=_restore)
    change = actions.add_parser("passphrase", help="set or change the passphrase; encrypts a plain store")
    change.add_argument("--new-passphrase-file", default="", metavar="FILE", help="its first line will be it")
    change.add_argument("--no-passphrase", action="store_true", help="keep the key in a file beside the store")
    change.add_argument("--keyring", action="store_true", help="keep the key in the keyring of this account")
    change.set_defaults(run=_passphrase)
    erase = actions.add_parser("erase", help="erase a patient for good: every plan, revision and backup of them")
    erase.add_argument("patient", metavar="PATIENT_ID")
    erase.add_argument("--reason", required=True, help="kept in the audit trail; must not name the patient")
    erase.add_argument("--confirm", default="", metavar="PATIENT_ID", help="the id again: this cannot be taken back")
    erase.add_argument("--sure", action="store_true", help="also where plans of several persons stand under the id")
    erase.add_argument(
        "--also", action="append", default=[], metavar="DIR", help="a backup folder besides that of the settings"
    )
    erase.set_defaults(run=_erase)
    for parser in (restore, change, erase):
        parser.add_argument("--by", default="", metavar="NAME", help="who does this; default the name in the settings")
    for parser in (init, verify, backup, restore, change, erase):
        add_passphrase(parser)


def _add_kinds(init: argparse.ArgumentParser) -> None:
    kinds = init.add_mutually_exclusive_group()
    kinds.add_argument("--keyring", action="store_true", help="encrypted, the key in the keyring of this account")
    kinds.add_argument("--no-passphrase", action="store_true", help="encrypted, the key in a file beside the store")
    kinds.add_argument("--plain", action="store_true", help="not encrypted")


def back_up_before(archive: Archive, why: str) -> None:
    """A backup before something large; none of an empty store."""
    if archive.repository.trail_end():
        keeping.back_up(user_data(), archive.repository.key, now_with_zone(), why)


def _init(chosen: argparse.Namespace) -> int:
    folder = user_data()
    if (folder / STORE_FILE).exists():
        open_archive(chosen).close()
    else:
        kind, passphrase = _chosen_kind(chosen)
        before = protection.keys_aside(folder)
        protection.create(folder, kind, passphrase)
        tell_key_left(before)
        if kind is Protection.FILE and not chosen.no_passphrase:
            tell((KEY_BESIDE,))
    write_text("-", f"{folder}\n")
    return 0


def _chosen_kind(chosen: argparse.Namespace) -> tuple[Protection, str]:
    for name, kind in (
        ("plain", Protection.PLAIN),
        ("no_passphrase", Protection.FILE),
        ("keyring", Protection.KEYRING),
    ):
        if getattr(chosen, name):
            return kind, ""
    passphrase = given_passphrase(chosen) or (ask_new_passphrase("") if someone_is_there() else "")
    return (Protection.PASSPHRASE if passphrase else Protection.FILE), passphrase


def _verify(chosen: argparse.Namespace) -> int:
    with open_archive(chosen) as archive:
        problems = archive.verify()
        count, lines = archive.count(), archive.repository.trail_end()
    if problems:
        raise EnvironmentProblem("\n".join(problems))
    plans = "1 plan: it agrees with its" if count == 1 else f"{count} plans: all agree with their"
    said = f"{plans} checksums; {lines} line{'s' * (lines != 1)} of the audit trail: the chain holds"
    write_text("-", f"{said}\n")
    return 0


def _backup(chosen: argparse.Namespace) -> int:
    folder = user_data()
    if chosen.list:
        write_text("-", "".join(f"{one.path.name}: {one.label}\n" for one in keeping.backups(folder)))
        return 0
    with open_archive(chosen) as archive:
        key = archive.repository.key
    second = Path(chosen.to) if chosen.to else None
    made = keeping.back_up(folder, key, now_with_zone(), "", second)
    write_text("-", f"{made.backup.path}\n")
    if made.problem:
        raise EnvironmentProblem(made.problem)
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    if chosen.revision is not None:
        library = rules_and_agents()
        with open_archive(chosen) as archive:
            newest, _ = archive.load_revision(chosen.what)
            plan, saved = archive.go_back(
                chosen.what, chosen.revision, who_is(chosen), now_local_offset(), patient_too=chosen.patient_too
            )
        # Where what is known of the patient goes back as well, that must not go unsaid.
        tell(preview_lines(preview(*(evaluate(one, library, site_of(one)) for one in (newest, plan)))))
        write_text("-", f"{saved.what} of plan {saved.plan_id}, now revision {saved.counter}\n")
        return 0
    folder = user_data()
    if not chosen.what.endswith(".db"):
        raise InputProblem((NO_REVISION.format(what=chosen.what),))
    backup = keeping.named_backup(folder, chosen.what)
    key = open_backup_key(chosen, backup.path)
    before = keeping.restore(folder, key, backup, who_is(chosen), now_with_zone())
    write_text("-", f"put back: {backup.label}\n" + (f"the state before is kept in {before}\n" if before else ""))
    return 0


def _passphrase(chosen: argparse.Namespace) -> int:
    folder = user_data()
    kind = Protection.FILE if chosen.no_passphrase else Protection.KEYRING if chosen.keyring else Protection.PASSPHRASE
    plain = protection.protection_of(folder) is Protection.PLAIN
    key = open_key(chosen)
    if why := why_read_only(folder):
        raise EnvironmentProblem(why)
    new = ask_new_passphrase(chosen.new_passphrase_file) if kind is Protection.PASSPHRASE else ""
    if plain:
        keeping.encrypt_store(folder, kind, new, now_with_zone())
    else:
        protection.protect(folder, key, kind, new)
    with open_archive_with(folder, new) as archive, suppress(KnownError):
        key = archive.repository.key
        archive.record("passphrase", f"The store is protected by: {kind}", who_is(chosen), now_local_offset())
    write_text("-", f"{folder / STORE_FILE}: {kind}\n")
    _keep_key_with_backups(folder, key)
    return 0


def _keep_key_with_backups(folder: Path, key: StoreKey) -> None:
    """A new backup in each folder brings the key file there up to date: the one before may hold the key in clear."""
    tell(keeping.follow_protection(folder, key, now_with_zone(), _second_folder()))


def _second_folder() -> Path | None:
    """Where the window puts a copy of every backup."""
    second = load_settings(settings_file()).second_folder.strip()
    return Path(second).expanduser() if second else None


def open_archive_with(folder: Path, passphrase: str) -> Archive:
    """The store, opened with what was just set; so it is known to open."""
    return Archive.open(folder, protection.unlock(folder, passphrase))


def _erase(chosen: argparse.Namespace) -> int:
    if chosen.confirm != chosen.patient:
        raise Refusal(f"erasing cannot be taken back: say --confirm {chosen.patient} as well")
    second = _second_folder()
    folders = [user_data() / "backups", *([second] if second else []), *map(Path, chosen.also)]
    with open_archive(chosen) as archive, keeping.alone(user_data(), now_with_zone()):
        persons = keeping.persons_under(archive, chosen.patient)
        if len(persons) > 1 and not chosen.sure:
            raise Refusal(words.ERASE_SEVERAL, persons="; ".join(persons))
        count, left = keeping.erase(archive, folders, chosen.patient, chosen.reason, who_is(chosen), now_local_offset())
    plans = f"{count} plan{'s' * (count != 1)} erased, also from the backups"
    write_text("-", f"{plans}\n" if count else "erased from the backups\n")
    if left:
        raise EnvironmentProblem("\n".join(left))
    return 0
