"""Words as people type them when they search."""

import unicodedata


def fold(text: str) -> str:
    """Without accents and case: "Müller" and "MULLER" are the same when searching."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))
