"""The window in another language: every action, column and field has its words; content and data stay as they are."""

import ast
import re
from datetime import date
from functools import partial

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton

from planner.errors import Refusal
from planner.files import told
from planner.model.civil import WEEKDAYS
from planner.model.plan import Deferral, Scope
from planner.model.sentence import Sentence, listed
from planner.model.store_words import CAUSES, FULL_BY, LOCKED, NOT_WRITTEN
from planner.services.store.exchange import MISTAKABLE, TWOFOLD, VERDICTS
from planner.services.verbs.editing import defer
from planner.settings import LANGUAGES, Settings, save_settings
from tests.architecture.imports import ROOT
from tests.ui.desks import open_desk, open_dialog
from ui.actions import ACTIONS, MENUS
from ui.dialogs.about import CLAIMS
from ui.dialogs.backups import CAUSES as BACKUP_CAUSES
from ui.dialogs.described import DescribedDialog
from ui.dialogs.help_words import HELP
from ui.dialogs.mistake import ErrorDialog
from ui.dialogs.settings import settings_fields
from ui.edit_names import EDIT_NAMES, VERB_NAMES
from ui.intents.clinic import ON_THE_TIMELINE, POINTER
from ui.models.counter_table import COUNTER_COLUMNS
from ui.models.finding_table import FINDING_COLUMNS
from ui.models.history_table import HISTORY_COLUMNS
from ui.models.schedule_table import SCHEDULE_COLUMNS
from ui.plan_words import MADE, SENTENCES, WHOLE, event_name, plan_words
from ui.problem_words import error_words, problem_words, sentences
from ui.timeline.dates import LONG_MONTHS
from ui.tongue import fact_title, say, texts_of, use_language, weekday_date
from ui.translated import name_words

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_action_menu_column_and_setting_has_words(language):
    texts = texts_of(language)
    wanted = {*MENUS, *(spec.text for spec in ACTIONS), *(spec.tip for spec in ACTIONS if spec.tip)}
    for columns in (FINDING_COLUMNS, SCHEDULE_COLUMNS, HISTORY_COLUMNS, COUNTER_COLUMNS):
        wanted |= {column.title for column in columns}
    wanted |= {field.label for field in settings_fields(Settings())}
    assert sorted(wanted - set(texts)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_marks_of_access_keys_and_dots_are_kept(language):
    for english, words in texts_of(language).items():
        assert words.strip() == words != "", english
        assert ("&" in english) >= ("&" in words), english
        assert english.endswith("…") == words.endswith("…"), english


def test_unknown_texts_and_facts_stay_as_they_are():
    use_language("es")
    assert say("Dasatinib C1 D1") == "Dasatinib C1 D1"
    assert fact_title("cd19") == "CD19"
    assert fact_title("anc") == "Neutrófilos (RAN)"
    use_language("xx")
    assert say("&Undo") == "&Undo"


def test_the_window_speaks_spanish_and_the_plan_its_own_words(qtbot, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(language="es"))
    with open_desk(qtbot, folder, demo=True) as desk:
        window = desk.window
        assert window.actions_by_id["print"].text() == "&Imprimir…"
        assert {"&Tratamiento", "&Ver"} <= {one.text() for one in window.findChildren(QAction)}
        assert window.plans.button.text() == "Abrir"
        assert window.bottom.tabText(1) == "Tabla"
        assert window.banner.name.text() == "Demo, Ana"
        window.select("blinatumomab")
        assert window.inspector.shown.title == "Blinatumomab"
        window.act("hold")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        assert "Cancelar" in {button.text() for button in dialog.findChildren(QPushButton)}
        reason = dialog.editors["reason"].widget
        assert (reason.placeholderText(), dialog.answers()["reason"]) == ("elegir", None)
        reason.setCurrentIndex(0)
        assert (reason.currentText(), dialog.answers()["reason"]) == ("toxicidad", "toxicity")
        dialog.reject()


LEFT = {
    "ui/app.py": 1,
    "ui/desk.py": 1,
    "ui/dialogs/about.py": 1,
    "ui/models/finding_table.py": 1,
    "ui/timeline/dates.py": 1,
    "ui/vault.py": 1,
}
"""Composed texts that stay as they are, by file: for the terminal or the audit trail, the program's name, the key of a
sign, a short weekday. The numbers may only fall."""
APART = ("say", "named")
"""What puts a text together: from a translated sentence, or as the English name of an edit, which is read again."""


def composed_in(file):
    """Literal parts with an English word of texts that are put together outside of `APART`."""
    found = []

    def look(node):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in APART:
            return
        if isinstance(node, ast.JoinedStr):
            literal = "{}".join(one.value for one in node.values if isinstance(one, ast.Constant))
            if re.search(r"[A-Za-z]{3,} | [a-z]{3,}", literal):
                found.append(literal)
        for child in ast.iter_child_nodes(node):
            look(child)

    look(ast.parse(file.read_text("utf-8")))
    return found


def test_composed_texts_go_through_the_translation():
    counts = {file.relative_to(ROOT).as_posix(): len(composed_in(file)) for file in sorted((ROOT / "ui").rglob("*.py"))}
    del counts["ui/style.py"]  # a style sheet, no words
    assert {file: count for file, count in counts.items() if count > LEFT.get(file, 0)} == {}


SPEAKERS = {
    **dict.fromkeys(("Field", "addTab", "_hint"), (1,)),
    **dict.fromkeys(("Form", "Question"), (0, 1)),
    **dict.fromkeys(("plain_label", "QPushButton", "QLabel", "QCheckBox", "QRadioButton", "Column", "Section"), (0,)),
    **dict.fromkeys(("say", "setText", "setToolTip", "setWindowTitle", "addRow", "setPlaceholderText"), (0,)),
    **dict.fromkeys(("setAccessibleName", "addItem", "line", "_ticked"), (0,)),
}
"""What is handed words for people, and at which places."""
NO_WORDS = {"Regimap", "Regimap ", "14-Mar-2026", "14-Mar-1981"}


def spoken():
    """Every literal word for people in the window's source, with its place."""
    for file in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            called = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            for place in SPEAKERS.get(called, ()):
                for one in ast.walk(node.args[place]) if place < len(node.args) else ():
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and re.search(r"\w{3}", one.value):
                        yield one.value, f"{file.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_that_is_handed_to_a_widget_has_words(language):
    use_language(language)
    known = {*texts_of(language), *NO_WORDS}
    found = [(words, at) for words, at in spoken() if words not in known and name_words(words) == words]
    assert found == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_cause_of_a_backup_has_words(language):
    use_language(language)
    assert all(say(cause) != cause for cause in BACKUP_CAUSES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_page_of_help_keys_and_claims_has_words(language):
    pages = {title for title, _ in HELP.values()} | {one for _, lines in HELP.values() for one in lines}
    wanted = {*CLAIMS, *POINTER, *ON_THE_TIMELINE, *pages, "By pointer", "On the timeline, by keys"}
    assert sorted(wanted - set(texts_of(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_days_and_months_have_names(language):
    assert {*WEEKDAYS, *LONG_MONTHS} <= set(texts_of(language))
    use_language(language)
    shortened = [say(month)[:3] for month in LONG_MONTHS]
    assert len(set(shortened)) == 12
    assert weekday_date(date(2026, 12, 7)) == f"{say('Mon')} 07-Dec-2026" != "Mon 07-Dec-2026"


def test_patterns_keep_their_places():
    for language in OTHERS:
        for english, words in texts_of(language).items():
            assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", words)), english


def test_the_mistake_dialog_speaks_spanish(qtbot):
    use_language("es")
    dialog = ErrorDialog("ValueError\nplace.py:1 here")
    qtbot.addWidget(dialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Algo ha ido mal" in words
    assert "No contiene datos del paciente" in words
    assert "mistake" not in dialog.windowTitle() + words


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_about_the_store_and_every_cause_has_words(language):
    wanted = {*sentences(), *CAUSES.values(), *VERDICTS.values(), MISTAKABLE, TWOFOLD, "plan {id}, {name}"}
    assert sorted(wanted - set(texts_of(language))) == []


def test_what_went_wrong_with_the_store_is_said_in_the_chosen_language():
    full = told("/plans", FULL_BY, folder="/plans", free=3, room=40)
    assert problem_words(full) == full
    use_language("es")
    assert problem_words(full).startswith(
        "/plans: el disco está lleno (/plans: 3 MB libres); haga sitio para al menos 40"
    )
    windows = told(r"C:\\plans\\plans.db", NOT_WRITTEN, cause=CAUSES["EACCES"])
    assert problem_words(windows) == r"C:\\plans\\plans.db: no se puede escribir (no tiene permiso); no se cambió nada"
    assert problem_words(f"Not known.\n{LOCKED}.") == "Not known.\nel almacén está bloqueado; dé su contraseña"


def test_what_is_refused_is_said_in_the_chosen_language(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path, demo=True) as desk:
        document, heard = desk.document, []
        document.refused.connect(heard.append)
        change = Deferral("blinatumomab", 1, 99, 1, Scope.DAY, "other")
        refuse = partial(document.edit, "Defer", lambda plan: defer(plan, document.evaluated.schedule, change))
        refuse()
        use_language("es")
        refuse()
    english, spanish = heard
    assert english.startswith("nothing is planned on Day 99 of Blinatumomab C1; days are 1, ")
    assert spanish.startswith("no hay nada planificado el día 99 de Blinatumomab C1; los días son 1, ")


def test_values_that_are_words_and_days_are_said_too():
    use_language("es")
    known = listed(())
    error = Refusal("{doses}, {day}: {states} already", doses="X", day="Mon 07-Dec-2026", states=Sentence("omitted"))
    assert error_words(error) == "X, lun 07-Dec-2026: ya omitido"
    assert error_words(Refusal("the plan has no block {name}; it has {known}", name="none", known=known)) == (
        "el plan no tiene el bloque none; tiene ninguno"
    )


def test_edits_are_named_by_sentences_that_can_be_read_again():
    used = set()
    for file in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "named":
                used |= {one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)} - {1, None}
    assert {one for one in used if isinstance(one, str)} <= {*EDIT_NAMES, *VERB_NAMES}
    assert len(used) > 12


@pytest.mark.parametrize("language", OTHERS)
def test_every_line_about_the_plan_has_words_and_places_are_filled_again(language):
    wanted = {*SENTENCES, *WHOLE, *MADE}
    assert sorted(wanted - set(texts_of(language))) == []
    use_language(language)
    for sentence in SENTENCES:
        assert set(re.findall(r"\{\w+\}", say(sentence))) == set(re.findall(r"\{\w+\}", sentence)), sentence


READ_AGAIN = {
    'TKI on the plan if "Remission?" is "Yes"': "TKI en el plan si «Remission?» es «Yes»",
    "Total body irradiation dose to enter": "Total body irradiation dosis por introducir",
    "Blinatumomab C1 D1 to D28": "Blinatumomab C1 D1 a D28",
    "Dasatinib 140 mg daily PO": "Dasatinib 140 mg al día PO",
    "40 mg twice daily": "40 mg dos veces al día",
    "1 drop six times daily": "1 gota seis veces al día",
    "2 drops × 2": "2 gotas × 2",
    "Mon 16-Feb-2026 to Thu 19-Feb-2026 140 mg": "lun 16-Feb-2026 a jue 19-Feb-2026 140 mg",
    "Protocol dose 2,500 units/m2, capped": "Dosis del protocolo 2\u00a0500 unidades/m2, con tope",
    "Dasatinib C1 D1 to 4, 8, 11 to 28": "Dasatinib C1 D1 a 4, 8, 11 a 28",
    "Confirmed: unverified value": "Confirmado: valor sin verificar",
    "28 mcg/day": "28 mcg/día",
    "Protocol dose 28 mcg/day": "Dosis del protocolo 28 mcg/día",
    "Maintenance an estimate: it starts when ANC ≥ 0.75": "Maintenance: estimación; empieza cuando ANC ≥ 0.75",
    "POMP ends 24 months after Day 1 of POMP 16 (05-Jan-2028)": (
        "POMP termina 24 meses después del día 1 de POMP 16 (05-Jan-2028)"
    ),
    "rounded to 2.5 mg tablets: 37.5 mg, 3.4 % more": "redondeado a comprimidos de 2.5 mg: 37.5 mg, 3.4 % más",
    "rounded to 0.1 mg: 45.3 mg": "redondeado a 0.1 mg: 45.3 mg",
    "dose 2 of 3 this day": "dosis 2 de 3 de este día",
    "Deferred by +6 days from Tue 29-Dec-2026": "Aplazado +6 días desde mar 29-Dec-2026",
    "from D-ALBA, version 1": "de D-ALBA, versión 1",
    "starts after Induction ends on 16-Nov-2026": "empieza cuando Induction termina el 16-Nov-2026",
    "bag 2 of 6: 72 h at 1.8 mL/h, then bag 3 on Mon 23-Nov-2026 09:00, not a chosen weekday": (
        "bolsa 2 de 6: 72 h a 1.8 mL/h, después la bolsa 3 el lun 23-Nov-2026 09:00, que no es un día elegido"
    ),
    "bag 2 of 2 so far: 48 h at 1.8 mL/h, a 72 h bag taken down early, then disconnect on Sun 22-Nov-2026 09:00": (
        "bolsa 2 de 2 hasta ahora: 48 h a 1.8 mL/h, bolsa de 72 h retirada antes, después desconectar el dom "
        "22-Nov-2026 09:00"
    ),
    "Day 1 is Mon 05-Oct-2026": "El día 1 es el lun 05-Oct-2026",
    "recorded: blina C1 D6 blinatumomab: given on Sun 22-Nov-2026, 28 mcg (N)": (
        "registrado: blina C1 D6 blinatumomab: administrada el dom 22-Nov-2026, 28 mcg (N)"
    ),
    "recorded: blina C1 D1 to 3 x, 3 doses: given from Mon 02-Mar-2026 to Wed 04-Mar-2026, 2 mg each: fever (N)": (
        "registrado: blina C1 D1 a 3 x, 3 dosis: administradas del lun 02-Mar-2026 al mié 04-Mar-2026, "
        "2 mg cada una: fever (N)"
    ),
    "record taken back: blina C1 D1, 2 x, 2 doses: given on Mon 02-Mar-2026, 2 mg each (N)": (
        "registro retirado: blina C1 D1, 2 x, 2 dosis: administradas el lun 02-Mar-2026, 2 mg cada una (N)"
    ),
    "Wed 30-Dec-2026 140 mg": "mié 30-Dec-2026 140 mg",
    "Blinatumomab: bag C1 D-4": "Blinatumomab: bolsa C1 D-4",
    "Blinatumomab: bag · Blinatumomab: disconnect": "Blinatumomab: bolsa · Blinatumomab: desconexión",
    "Flat dose, once daily. No acid blockers from day 1 on.": "Flat dose, once daily. No acid blockers from day 1 on.",
    "Prednisone, given before lunch": "Prednisone, given before lunch",
}
"""Lines as the planner tells them; the last two are content and stay as their file says them."""


@pytest.mark.parametrize(("line", "words"), READ_AGAIN.items())
def test_lines_of_the_planner_are_read_again_and_content_stays(line, words):
    assert plan_words(line) == line
    use_language("es")
    assert plan_words(line) == words
    assert plan_words(f"{line}\n{line}") == f"{words}\n{words}"


def test_the_plans_own_events_are_named_in_the_chosen_language_wherever_they_are_listed(qtbot, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(language="es"))
    with open_desk(qtbot, folder, demo=True) as desk:
        window = desk.window
        window.act("table")
        shown = window.bottom.schedule.model()
        names = {shown.index(row, 2).data() for row in range(shown.rowCount())}
        assert {"Blinatumomab: bolsa", "Blinatumomab: desconexión"} <= names
        told = " ".join(label.text() for label in window.inspector.findChildren(QLabel))
        assert "Blinatumomab: bolsa" in told
        assert [name for name in (*names, told) if name.endswith(": bag") or ": bag " in name] == []
    assert event_name("Bag: bagged") == "Bag: bagged"


def test_no_bar_of_the_demo_tells_in_english_what_has_words(qtbot, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(language="es"))
    english = re.compile(r"\b(Protocol dose|Window|Deferred|Held|Co-medication|still taken|Check:|starts (on|after))\b")
    with open_desk(qtbot, folder, demo=True) as desk:
        lanes = desk.document.evaluated.timeline.lanes
        details = {bar.detail for lane in lanes for bar in lane.bars}
        assert any(english.search(detail) for detail in details)
        assert [detail for detail in map(plan_words, details) if english.search(detail)] == []
        labels = [label.text() for label in desk.window.findChildren(QLabel) if label.isVisible()]
        assert [text for text in labels if text in texts_of("es") and say(text) != text] == []
