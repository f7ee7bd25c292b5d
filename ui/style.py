"""The look of Qt's own widgets, made from the tokens of the theme: fonts, palette and one short style sheet."""

from fontpkg_lato import ROOT as LATO
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from planner.paths import resources
from ui.theme import DARK, FONT_FAMILY, LIGHT, RADIUS_PANEL, SIZE_BASE, SIZE_HEADING, SIZE_LABEL, THEMES, Theme


def register_fonts() -> None:
    """Make Lato known to Qt in the two weights the window uses."""
    for face in ("Lato-Regular.ttf", "Lato-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(LATO / "files" / face))


def theme_named(chosen: str) -> Theme:
    """The theme of the settings; "system" follows the desktop."""
    if chosen == "system":
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return THEMES.get(chosen, LIGHT)


def dress(app: QApplication, theme: Theme) -> None:
    """Give the whole program the theme: base font, palette, style sheet."""
    lay_ground(app, theme)
    app.setStyleSheet(build_style_sheet(theme))


def lay_ground(app: QApplication, theme: Theme) -> None:
    """Base font and palette alone; widgets must be made after it."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(SIZE_BASE)
    app.setFont(font)
    app.setPalette(build_palette(theme))


def build_palette(theme: Theme) -> QPalette:
    """Every palette role from a token, so that no colour of the desktop shines through."""
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, token in (
        (roles.Window, theme.panel),
        (roles.Base, theme.ground),
        (roles.AlternateBase, theme.shade),
        (roles.Button, theme.panel),
        (roles.Text, theme.text),
        (roles.WindowText, theme.text),
        (roles.ButtonText, theme.text),
        (roles.BrightText, theme.contraindicated),
        (roles.PlaceholderText, theme.muted),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Accent, theme.accent),
        (roles.Link, theme.advice),
        (roles.LinkVisited, theme.advice),
        (roles.ToolTipBase, theme.panel),
        (roles.ToolTipText, theme.text),
        (roles.Light, theme.ground),
        (roles.Midlight, theme.panel),
        (roles.Mid, theme.line),
        (roles.Dark, theme.muted),
        (roles.Shadow, theme.line),
    ):
        palette.setColor(role, QColor(token))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette


def build_style_sheet(theme: Theme) -> str:
    """The rules Fusion and a palette cannot say: flat rooms, quiet tables, one focus ring."""
    return "".join((_frames(theme), _tables(theme), _controls(theme), _words(theme)))


def selection(theme: Theme) -> str:
    """The background of a selected row: the ground with a little of the accent, so that text on it stays as legible."""
    below, above = QColor(theme.ground), QColor(theme.accent)
    parts = ((below.red(), above.red()), (below.green(), above.green()), (below.blue(), above.blue()))
    return QColor(*(round(0.86 * under + 0.14 * over) for under, over in parts)).name()


def _icon(name: str, theme: Theme) -> str:
    return (resources() / "icons" / f"{name}-{theme.name}.svg").as_posix()


def _light(theme: Theme) -> str:
    """A light ground in every theme, for the signs of Qt's own dialog for files, which are black whatever the theme."""
    return max(theme.ground, theme.text, key=lambda token: QColor(token).lightness())


def _frames(theme: Theme) -> str:
    return f"""
QSplitter::handle {{ background: {theme.panel}; }}
QSplitter::handle:horizontal {{ border-left: 1px solid {theme.line}; }}
QSplitter::handle:vertical {{ border-top: 1px solid {theme.line}; }}
QSplitter::handle:hover {{ background: {theme.accent}; }}
QMenuBar {{ background: {theme.panel}; border-bottom: 1px solid {theme.line}; padding: 0 8px; }}
QMenuBar::item {{ padding: 3px 8px; background: transparent; }}
QMenuBar::item:selected {{ background: {theme.hover}; color: {theme.text}; }}
QMenu {{ background: {theme.ground}; border: 1px solid {theme.line}; padding: 4px; }}
QMenu::item {{ padding: 4px 24px 4px 12px; }}
QMenu::item:selected {{ background: {theme.hover}; color: {theme.text}; }}
QMenu::item:disabled {{ color: {theme.muted}; }}
QMenu::separator {{ height: 1px; background: {theme.line}; margin: 4px 8px; }}
#tools {{ background: {theme.panel}; border-bottom: 1px solid {theme.line}; }}
QToolBar {{ background: {theme.panel}; border: 0; padding: 3px; spacing: 4px; }}
QToolBar::separator {{ background: {theme.line}; width: 1px; margin: 4px 8px; }}
QFileDialog QToolButton {{ background: {_light(theme)}; border: 1px solid {theme.muted}; border-radius: 4px; }}
QFileDialog QToolButton:focus {{ border: 2px solid {theme.accent}; }}
#status {{ background: {theme.panel}; border-top: 1px solid {theme.line}; color: {theme.muted}; }}
#status QLabel {{ color: {theme.muted}; font-size: {SIZE_LABEL}px; padding: 0 8px; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {theme.line}; }}
QTabBar, QPushButton, QToolButton, QRadioButton {{ outline: 0; }}
QCheckBox {{ outline: 1px solid {theme.accent}; }}
QTabBar::tab {{ background: transparent; color: {theme.muted}; border: 0; padding: 5px 12px; margin: 0;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {theme.accent}; }}
QTabBar::tab:hover {{ color: {theme.text}; }}
QTabBar::tab:selected:focus {{ border: 2px solid {theme.accent}; padding: 3px 10px 5px; }}
QScrollArea {{ border: 1px solid transparent; background: transparent; }}
QScrollArea:focus {{ border: 1px solid {theme.accent}; }}
QScrollBar {{ background: transparent; border: 0; margin: 0; }}
QScrollBar:vertical {{ width: 12px; }}
QScrollBar:horizontal {{ height: 12px; }}
QScrollBar::handle {{ background: {theme.muted}; border: 3px solid {theme.panel}; border-radius: 6px; min-width: 24px;
  min-height: 24px; }}
QScrollBar::handle:hover {{ background: {theme.text}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QToolTip {{ background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.line}; padding: 4px; }}
"""


def _tables(theme: Theme) -> str:
    return f"""
QTableView {{ background: {theme.ground}; border: 1px solid {theme.ground}; gridline-color: transparent; outline: 0;
  selection-background-color: {selection(theme)}; selection-color: {theme.text}; }}
QTableView::item {{ padding: 0 6px; border-bottom: 1px solid {theme.panel}; }}
QTableView::item:selected {{ background: {selection(theme)}; color: {theme.text}; }}
QTableView QTableCornerButton::section, QAbstractScrollArea::corner {{ background: {theme.ground}; border: 0; }}
QTableView:focus {{ border: 1px solid {theme.accent}; }}
QListView {{ background: {theme.ground}; border: 1px solid {theme.line}; border-radius: 4px; outline: 0; }}
QListView::item {{ padding: 4px 8px; min-height: 18px; color: {theme.text}; }}
QListView::indicator {{ width: 14px; height: 14px; border: 1px solid {theme.muted}; border-radius: 3px;
  background: {theme.ground}; }}
QListView::indicator:checked {{ image: url({_icon("check", theme)}); }}
QListView::item:selected {{ background: {selection(theme)}; color: {theme.text}; }}
QHeaderView {{ background: {theme.ground}; border: 0; }}
QHeaderView::section {{ background: {theme.ground}; color: {theme.muted}; border: 0; padding: 3px 9px;
  border-bottom: 1px solid {theme.line}; font-size: {SIZE_LABEL}px; }}
"""


def _controls(theme: Theme) -> str:
    return f"""
QLineEdit, QComboBox, QSpinBox, QPlainTextEdit {{ background: {theme.ground}; color: {theme.text};
  border: 1px solid {theme.muted}; border-radius: 4px; padding: 3px 6px; min-height: 20px;
  placeholder-text-color: {theme.muted}; }}
QPlainTextEdit {{ min-height: 42px; }} QSpinBox {{ padding: 3px 0 3px 6px; min-height: 18px; }}
QSpinBox QLineEdit, QComboBox QLineEdit {{ border: 0; padding: 0; min-height: 0; background: transparent; }}
QComboBox {{ padding: 3px 6px 3px 8px; combobox-popup: 0; }}
QRadioButton, QCheckBox {{ min-height: 22px; padding-right: 3px; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow, QSpinBox::down-arrow {{ image: url({_icon("chevron", theme)}); width: 12px; height: 12px; }}
QSpinBox::up-arrow {{ image: url({_icon("chevron-up", theme)}); width: 12px; height: 12px; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: 0; width: 24px; background: transparent; }}
QSpinBox::up-button:hover, QSpinBox::down-button:hover {{ background: {theme.hover}; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {theme.muted}; border-radius: 3px;
  background: {theme.ground}; }}
QCheckBox::indicator:checked {{ image: url({_icon("check", theme)}); }}
QRadioButton::indicator {{ width: 10px; height: 10px; border: 2px solid {theme.muted}; border-radius: 7px;
  background: {theme.ground}; }}
QRadioButton::indicator:checked {{ border: 4px solid {theme.accent}; width: 6px; height: 6px; }}
QCheckBox::indicator:focus {{ border: 2px solid {theme.accent}; width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {theme.ground}; border: 1px solid {theme.line};
  selection-background-color: {theme.hover}; selection-color: {theme.text}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QPlainTextEdit:focus {{ border: 2px solid {theme.accent};
  padding: 2px 5px; }}
QComboBox:focus {{ padding: 2px 5px 2px 7px; }}
QSpinBox:focus {{ padding: 2px 0 2px 5px; }}
QLineEdit:disabled, QComboBox:disabled {{ color: {theme.muted}; border-color: {theme.line}; }}
QLineEdit[wrong="true"] {{ border: 2px solid {theme.contraindicated}; padding: 2px 5px; }}
QPushButton {{ background: {theme.ground}; color: {theme.text}; border: 1px solid {theme.muted};
  border-radius: 4px; padding: 4px 12px; min-height: 18px; }}
QToolBar QToolButton, QPushButton[quiet="true"] {{ border: 1px solid transparent; border-radius: 4px;
  background: transparent; color: {theme.text}; padding: 4px 8px; min-height: 18px; }}
QPushButton:hover, QToolBar QToolButton:hover {{ background: {theme.hover}; }}
QPushButton:focus, QPushButton[field="true"]:focus {{ border: 2px solid {theme.accent}; padding: 3px 11px; }}
QToolBar QToolButton:focus, QPushButton[quiet="true"]:focus {{ border: 1px solid {theme.accent}; padding: 4px 8px; }}
QPushButton::menu-indicator {{ image: url({_icon("chevron", theme)}); width: 12px; height: 12px;
  subcontrol-origin: padding; subcontrol-position: right center; right: 5px; }}
QPushButton:disabled, QCheckBox::indicator:disabled {{ color: {theme.muted}; border-color: {theme.line}; }}
QToolBar QToolButton:disabled {{ color: {theme.muted}; }}
QPushButton[field="true"] {{ color: {theme.muted}; padding: 4px 12px; text-align: left; }}
QPushButton[field="true"]:hover {{ background: {theme.ground}; border-color: {theme.text}; color: {theme.text}; }}
QPushButton[main="true"] {{ background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent}; }}
QPushButton[main="true"]:disabled {{ background: {theme.panel}; color: {theme.muted}; border-color: {theme.line}; }}
QPushButton[main="true"]:focus {{ border: 2px solid {theme.text}; }}
QPushButton[slim="true"] {{ padding: 1px 10px; min-height: 16px; }} QPushButton[slim="true"]:focus {{ padding: 0 9px; }}
QPushButton[link="true"] {{ border: 1px solid transparent; background: transparent; color: {theme.advice};
  padding: 2px 0; text-align: left; text-decoration: underline; }}
QPushButton[link="true"]:focus {{ border: 1px solid {theme.accent}; padding: 2px 0; }}
"""


def _words(theme: Theme) -> str:
    return f"""
QCheckBox:focus, QRadioButton:focus {{ color: {theme.accent}; }}
QRadioButton:focus {{ background: {theme.hover}; border-radius: 4px; }}
QRadioButton::indicator:focus {{ border-color: {theme.accent}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QLabel[tone="quiet"] {{ color: {theme.muted}; }}
QLabel[tone="muted"] {{ color: {theme.muted}; font-size: {SIZE_LABEL}px; }}
QLabel[tone="heading"] {{ color: {theme.muted}; font-size: {SIZE_LABEL}px; font-weight: 700; }}
QLabel[tone="title"] {{ font-size: {SIZE_HEADING}px; font-weight: 700; }}
QLabel[tone="wrong"] {{ color: {theme.contraindicated}; }}
QLabel[tone="doubt"] {{ color: {theme.warning}; }}
QWidget[panel="true"] {{ background: {theme.panel}; }}
QWidget[card="true"] {{ background: {theme.ground}; border: 1px solid {theme.line}; border-radius: {RADIUS_PANEL}px; }}
"""
