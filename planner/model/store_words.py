"""What people are told about the store and its files: whole sentences with named places, which can be translated.

Each says what happened, what is safe, and what to do next, for somebody who is tired and has a patient waiting. Behind
the path of a file and a colon they make the text of an error (`told` in planner/files.py).
"""

STAYS = "Nothing was saved by this step; what was saved before is safe"
PUT_BACK = "put a backup in its place"
HOW_BACK = (
    "the window offers the newest sound backup; here, regimap store backup --list names all of them and "
    "regimap store restore NAME puts one back"
)
"""Told once more by the command line behind every sentence with PUT_BACK in it."""

EMPTY = f"the store is empty (0 bytes), so it was cut off; {PUT_BACK}"
FOREIGN = "this is the database of another program, not a store of this one; name the folder of your plans"
NEWER = "the store was made by a newer version of this program; update the program to open it. Nothing was changed"
OLDER = "the store has an older layout; open it once where it may be written, that brings it up"
DAMAGED = f"the store is damaged; {PUT_BACK}"
UNREADABLE = f"this is no store of this program, or its start is damaged, or it has another key; {PUT_BACK}"
LOST_PLANS = f"the store has lost saved plans; {PUT_BACK}"
CHANGED = f"the store is damaged or was changed by another program ({{cause}}); {PUT_BACK}"
NO_STORE = (
    "there are no saved plans here: none was saved yet, or the drive or share they lie on is not connected; connect it "
    "or name the folder of your plans"
)
MISSING = f"the store is missing, but there are backups of it; {PUT_BACK}. To begin anew, name another folder"
LOG_LEFT = (
    "the store is missing, but its log plans.db-wal with the last edits is still here; bring the plans.db it belongs "
    "to back beside it. To begin anew, name another folder"
)
KEY_LEFT = (
    "a key lay here without plans, and new plans begin now; it is kept in this file. If there should be plans, bring "
    "back their plans.db with this key before anything is planned anew"
)
GONE = f"the store is not there any more: its drive was taken out, or its folder was moved; bring it back. {STAYS}"
REPLACED = (
    "somebody put a backup in the place of the plans while this was open; quit and start again to see them as they are "
    f"now. {STAYS}"
)
COPIED_OVER = (
    "another file was copied over the plans while this was open; nothing was saved by this step. Quit and start again "
    "to see what lies there now; where edits are missing, put a backup in its place"
)
NO_ANSWER = f"the drive does not answer any more ({{cause}}); plug it in again. {STAYS}"
FAILED = f"the disk failed; save the plan elsewhere and have the disk looked at. {STAYS}"
FULL = f"the disk is full; make room on it and do this step again. {STAYS}"
FULL_BY = (
    f"the disk is full ({{folder}}: {{free}} MB free); make room for at least {{room}} MB and do this step again. "
    f"{STAYS}"
)
FULL_SHOWN = (
    "the disk is full ({folder}: {free} MB free): plans are shown but not changed; make room for at least {room} MB "
    "and start again"
)
READ_ONLY = f"the store or its folder is write-protected; take the protection off, or save elsewhere. {STAYS}"
CUT_OFF = "an edit was cut off in it; open it once where it may be written, that takes the half edit back"
BUSY = f"another program is writing to the store; do this step again in a moment. {STAYS}"
CANNOT_OPEN = "the store cannot be opened; check that its folder is there and that you may use it"
NOT_ALLOWED = f"you may not read the store any more; ask whoever keeps this folder. {STAYS}"
ELSEWHERE = "another computer edits the plans on this share; they can be read here once it has closed them"
OUTDATED = "another computer has changed the plans meanwhile; start again to see them"
NOT_OPEN = "the store is not open; quit and start again"
CANNOT_USE = "this cannot be used ({cause}); check its folder and try again"

NO_KEY = (
    "the store cannot be opened: its key file plans.key is missing or damaged, and none beside its backups can be "
    "read; look for it in a second folder of backups or another copy of this folder, and put it beside the plans"
)
NO_KEY_LEFT = (
    "the key file plans.key is neither beside the plans nor beside their backups, and nobody can open them without it; "
    "look for it in a second folder of backups or another copy of this folder, and put it beside the plans"
)
NEWER_KEY = "the store cannot be opened: its key file was made by a newer version of this program; update the program"
LOCKED = "the store is locked; give its passphrase"
LOCKED_HERE = "the store is locked; give its passphrase in a file (--passphrase-file, or REGIMAP_PASSPHRASE_FILE)"
WRONG = (
    "the passphrase is wrong; nothing was opened or changed. Try it with capitals off. One that is forgotten nobody "
    "can recover; if it was changed, an older plans.key beside a backup opens with the one before"
)
WRONG_SEAL = (
    "this is not the passphrase of the sealed plan; nothing was taken in. Ask whoever sent it; it is not the one that "
    "opens your own plans"
)
UNFIT_PROTOCOL = (
    "the text of protocol {protocol} in this plan does not pass the checks of this program, so its dates and doses are "
    "not shown; plan anew on the protocol of today, or ask whoever sent the plan for a newer one"
)
SHORT = "a passphrase needs at least {least} characters"

BAD_BACKUP = (
    f"this backup is damaged, or belongs to another store; nothing was changed. Choose another one and {PUT_BACK}"
)
UNSOUND = "not a sound copy of the store: {cause}"
DIFFERS = "the copy of the backup differs from it; that disk may be failing, use another one"
ERASE_LEFT = "may still hold the patient ({cause}); delete it, or erase the patient once more when it can be read"
ERASE_REST = (
    "may still hold the patient, because another window or program reads the plans; close it and open the plans once "
    "more, that clears it"
)
ERASE_AWAY = (
    "may still hold the patient in its backups ({cause}); connect the drive, or see that you may look into the folder, "
    "and erase the patient once more"
)
ERASE_HISTORY = (
    "is somebody else's now, and its earlier states still hold this id and the name they had then (revisions "
    "{revisions}); they are kept with its history"
)
ERASE_PACK = (
    "the patient is erased, but bytes of them may still lie in unused parts of this file, which could not be packed "
    "({cause}); once that is mended, erase the patient again: nobody is found then, and the file is packed"
)
KEY_BEHIND = (
    "the plans are protected anew, but the key file beside the backups may still be the one of before ({cause}); once "
    "that is mended, make a backup"
)
ERASE_KEPT = "may still hold the patient: a damaged store that was kept; delete it once nothing is wanted of it"
ERASE_SEVERAL = (
    "nothing was erased: plans of several persons stand under this id: {persons}. Give the plans that are somebody "
    "else's the right id; where all are meant, say --sure as well"
)
IN_CLEAR = (
    "a damaged store that was kept, and it is not encrypted: whoever finds it reads what is in it; delete it once "
    "nothing is wanted of it"
)
LINKED = (
    "this is a link to a file elsewhere, so logs and locks would not lie beside the plans; put the file itself here, "
    "or name the folder it lies in"
)
OLDER_THAN_BACKUP = (
    "the plans end before a backup of them does ({backup}): an older file was put in their place, or a file beside "
    "them was deleted. Put that backup back, or you work on without the edits in between"
)
ANOTHERS = "another store lies here or has its backups here; name a folder that this store has for itself"
NO_BACKUP = "there is no backup of this name; regimap store backup --list names all of them"
NO_BACKUP_NAME = (
    "this is not named as a backup (plans-DATE-NUMBER.db), so it is not taken for one; give the file the name it was "
    "made with"
)
NOT_KEPT = "the present state cannot be kept ({cause}); nothing was changed"

UNSAFE = "{folder} is {place}: plans are shown but not changed there; move the folder to a local disk to change them"
UNSAFE_NEW = "this is {place}; plans can only be kept on a local disk, name a folder there"
HALF_PATH = "give the whole path of the folder, with all folders above it"
NO_DIRECTORY = "this is a file; choose a folder"
NO_PARENT = "the folder above it is not there; choose one that is, or make it first"
HOLDS_OTHERS = "other files lie in this folder; choose an empty one, or a new folder in it"
DATA_GONE = (
    "the folder chosen for the plans is not there: its drive is not connected, or it was moved. Bring it back; to "
    "choose another one, delete the file {pointer}"
)
CLOSED = (
    "this folder belongs to another account, and you may not look into it; ask whoever keeps it, or name a folder of "
    "your own"
)
HOLDER = "{name} ({account} on {host}) has the plans open since {since}"
CLOSE_FIRST = "{holder}; close that window first"
OLDER_HELD = "the store has an older layout, and {holder}; close that window first"
HELD = "{holder}; plans are shown but not changed"
PROTECTED = "{path} is write-protected: plans are shown but not changed"

NEWER_EDIT = "plan {plan} was changed by somebody else meanwhile; open it again and repeat the edit"
DELETED = "plan {plan} was deleted; take it back before it is changed"
CLOCK = (
    "the clock of this computer says {now}, but the plans were saved last on {last}; set the clock right before you go "
    "on, because today's line, what is due and the dates of signatures follow it. If it is right now, it was wrong "
    "then, and nothing is lost"
)

TRAIL_END = f"the last line of the audit trail is damaged, so nothing can be added; {PUT_BACK}. {STAYS}"
NEWER_PLAN = (
    "not shown: it is whole, but a newer version of this program saved it; update the program to open it. Nothing was "
    "changed"
)
DAMAGED_PLAN = f"damaged on disk and not shown; load an older revision of this plan, or {PUT_BACK}"
TEMPORARY = "the folder for temporary files cannot be used ({cause}); make room there and try again"
NOT_WRITTEN = "cannot be written ({cause}); nothing was changed"
OF_A_STORE = "only a store and its backups have files of this name; choose another name"
NOT_READ = "cannot be read ({cause})"
NO_FOLDER = "the folder cannot be made ({cause})"

CAUSES = {
    "ENOSPC": "the disk is full",
    "EDQUOT": "your share of the disk is full",
    "EFBIG": "the file may not become that large",
    "EROFS": "it is write-protected",
    "EACCES": "you may not",
    "EPERM": "you may not",
    "EIO": "the disk failed",
    "ENOENT": "the folder is not there",
    "ENOTDIR": "a file is in the way",
    "EEXIST": "a file of that name is in the way",
    "EISDIR": "a folder of that name is in the way",
    "ENAMETOOLONG": "the name is too long",
    "ENODEV": "the drive is not there",
    "ENXIO": "the drive is not there",
    "ESTALE": "the share is not connected any more",
    "ETIMEDOUT": "the share does not answer",
}
"""Causes the system gives, in plain words; another one is told as the system says it."""
