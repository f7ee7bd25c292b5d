"""What F1 says of each part of the window, and of its forms: title and sentences."""

HELP: dict[str, tuple[str, tuple[str, ...]]] = {
    "patients": (
        "Patients",
        (
            "Everyone with a saved plan. Type a name, an id or a protocol; accents and order do not matter.",
            "Enter opens the plan. Each line has two identifiers: compare both before you go on.",
            "A new patient: Ctrl+N. Other height, weight, results or medicines of the open one: Ctrl+E.",
        ),
    ),
    "protocols": (
        "Protocols",
        (
            "What can be placed on a plan. The two badges are the state of the file and the weakest evidence in it.",
            "Enter asks where it is placed; or drag a line onto a day of the timeline.",
            "Ctrl+Shift+R reads the chosen protocol as a page, with every order and its source.",
        ),
    ),
    "timeline": (
        "Timeline",
        (
            "Blocks on top, a lane for each drug, below them what the rules say.",
            "Hollow and dashed: behind an open decision.",
            "A click or the arrow keys select; the panel on the right then says what, when, why and how much.",
            "Drag a block, or press F2 or Alt and the arrow keys: what would move with it is shown first.",
            "A block goes back from a day on which it would be contraindicated, and the line below says by which rule.",
            "The menu Treatment has every change of what is selected; each shows first what would change.",
        ),
    ),
    "inspector": (
        "What is selected",
        (
            "The arithmetic of the dose, the source of every value, and the anchor of the date stand here.",
            "The buttons below do what is done most often with such a thing; all actions: Ctrl+Shift+P.",
        ),
    ),
    "findings": (
        "Findings",
        (
            "What the rules say: the gravest first, then what could not be checked, then what was let stand.",
            "F8 goes to the next open one in time.",
            "Ctrl+. offers changes that end it; Ctrl+Shift+L lets it stand, with a reason.",
            "Cannot check is never a pass: the input it lacks is named.",
            "Rules that are not in the library are not checked.",
        ),
    ),
    "table": (
        "Table",
        (
            "The same course as rows, for reading from top to bottom and for screen readers.",
            "A row that is selected is selected on the timeline as well.",
        ),
    ),
    "counters": (
        "Counters",
        ("What the course adds up to, with earlier treatment, against the limits of the rules.",),
    ),
    "history": (
        "History of edits",
        (
            "Every edit since the plan was opened. A click goes back to that state, and forward again.",
            "States saved on other days: Ctrl+H.",
        ),
    ),
    "calendar": (
        "Calendar of weeks",
        ("The same plan as weeks. Arrow keys go from entry to entry; Ctrl+0 goes back to the timeline.",),
    ),
    "forms": (
        "Forms",
        (
            "Enter answers, Esc leaves. Alt and the underlined letter goes to a field.",
            "Dates: 14-Mar-1981, 14 march 1981, 14.3.1981 or 1981-03-14. What could be two days is asked about.",
            "Up and Down change a date by a day.",
            "Numbers: 70.4 or 70,4. What could be two numbers, such as 75,000, is refused.",
            "Below the fields stands what would change; nothing is changed before you answer.",
            "What is unlikely has to be confirmed with a tick; what cannot be is refused and says why.",
        ),
    ),
}
"""By the part of the window."""
