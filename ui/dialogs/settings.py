"""What a person and a clinic choose, as a table of fields."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from planner.files import is_closed
from planner.model.body import SURFACES
from planner.model.site import Site
from planner.settings import PAPERS, Settings
from ui.dialogs.fields import Answers, Field
from ui.tongue import say

HOUR = 60
THEME_WORDS = (("system", "As the desktop"), ("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast"))
LANGUAGE_WORDS = (("en", "English"), ("es", "Español"))
WEEK_WORDS = ((0, "Monday"), (6, "Sunday"), (5, "Saturday"))
ROUNDING_WORDS = (
    ("step", "to the drug's own step"),
    ("vials", "to whole vials"),
    ("bands", "by the site's table of bands"),
)
UNIT_WORDS = (("mcg", "mcg"), ("micrograms", "micrograms"))
CLOCK_WORDS = (
    ("", "not chosen: bags over that night are not looked at"),
    ("none", "never"),
    ("eu", "as in the EU, in March and October"),
    ("us", "as in the US and Canada, in March and November"),
)
NAME_WORDS = (("plain", "plain: Vincristine"), ("tall-man", "with tall-man letters: vinCRIStine"))
LANGUAGE_HINT = (
    "The language of menus and forms changes at the next start; protocols and rules stay as they are written."
)


CALL_HINT = "printed for the patient; a line that begins es: (or de: fr: ru: en:) is for that language"
SECOND_HINT = "on another disk: a copy of every backup goes there"
LOCKS = (5, 10, 15, 30, 60, 120)


def settings_fields(settings: Settings) -> tuple[Field, ...]:
    """Every choice with what is chosen now."""
    site = settings.site
    hours = [(hour * HOUR, f"{hour:02}:00") for hour in range(5, 15)]
    if site.treatment_day_starts not in dict(hours):
        hours.append((site.treatment_day_starts, f"{site.treatment_day_starts // HOUR:02}:00"))
    return (
        Field("who", "Your &name", value=settings.who, optional=True, hint="stands beside your edits and answers"),
        Field("name", "&Clinic", value=site.name, optional=True, hint="printed at the head of every sheet"),
        Field(
            "phone_24h", "&Phone, day and night", value=site.phone_24h, optional=True, hint="printed for the patient"
        ),
        Field(
            "when_to_call", "&When to call", "lines", site.when_to_call, optional=True, hint=CALL_HINT
        ),
        Field("treatment_day_starts", "Treatment day &starts", "choice", site.treatment_day_starts, hours),
        Field("paper", "P&aper", "choice", site.paper, [(paper, paper) for paper in PAPERS]),
        Field("micrograms", "&Micrograms are written", "choice", site.micrograms, UNIT_WORDS),
        Field("drug_names", "D&rug names", "choice", site.drug_names, NAME_WORDS),
        Field("bsa_formula", "&Body surface of new plans", "choice", site.bsa_formula, _surfaces()),
        Field("rounding", "&Doses are rounded", "choice", site.rounding, ROUNDING_WORDS),
        Field(
            "rounding_percent", "W&hole vials within", "whole", site.rounding_percent, least=1, most=10, suffix=" %",
            shown_if=lambda answers: answers["rounding"] == "vials",
        ),
        Field("week_starts", "&First day of the week", "choice", site.week_starts, WEEK_WORDS),
        Field("clock_changes", "Clocks chan&ge", "choice", site.clock_changes, CLOCK_WORDS),
        Field("lock_minutes", "Loc&k when idle", "choice", settings.lock_minutes, _locks(settings.lock_minutes)),
        Field("second_folder", "Second back&up folder", value=settings.second_folder, optional=True, hint=SECOND_HINT),
        Field("theme", "C&olours", "choice", settings.theme, THEME_WORDS),
        Field("language", "&Language", "choice", settings.language, LANGUAGE_WORDS),
    )  # fmt: skip


def _locks(chosen: int) -> list[tuple[int, str]]:
    minutes = sorted({*LOCKS, chosen} - {0})
    return [*((one, say("after {minutes} minutes", minutes=one)) for one in minutes), (0, say("never"))]


def _surfaces() -> list[tuple[str, str]]:
    return [(name, surface.name) for name, surface in SURFACES.items()]


def with_answers(settings: Settings, answers: Answers) -> Settings:
    """The settings as answered."""
    of_site = {name: answers[name] for name in Site.__struct_fields__ if name in answers}
    of_person = {
        name: answers[name] for name in ("who", "theme", "language", "lock_minutes", "second_folder") if name in answers
    }
    return replace(settings, **of_person, site=replace(settings.site, **of_site))


def setting_problems(answers: Answers) -> Sequence[str]:
    """Texts that the settings file would not take back, and a second folder that cannot be used."""
    texts = [text for text in answers.values() if isinstance(text, str)]
    found = [say('"{begin}…" is too long.', begin=text[:20]) for text in texts if len(text) > 500]
    folder = answers.get("second_folder", "")
    second = Path(folder).expanduser()
    if folder and (is_closed(second) or not (second.is_absolute() and second.is_dir())):
        found.append(say("The second folder for backups is not there: {folder}", folder=folder))
    return found
