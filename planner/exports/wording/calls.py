"""When a family calls the clinic, in its own language: the clinic writes it once, and again for other languages."""

import re

_MARKED = re.compile(r"^([a-z]{2}): +", re.MULTILINE)
"""Begins what is meant for one language alone: "es: Llame si tiene fiebre"."""


def calls_in(text: str, language: str) -> str:
    """What is said in that language: behind its mark, up to the next one; else what stands before all marks."""
    written, *marked = _MARKED.split(text.strip())
    sections = dict(zip(marked[::2], marked[1::2], strict=True))
    return sections.get(language, written).strip()


def is_written_in(text: str, language: str) -> bool:
    """Whether the clinic wrote it for that language, and not only without saying for which."""
    return any(mark == language for mark in _MARKED.findall(text.strip()))
