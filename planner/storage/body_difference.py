"""A saved state as its difference to the state before, on the level of the text: where, how much goes, what comes."""


def text_difference(before: str, after: str) -> str:
    """What turns one text into the other: "START REMOVED INSERTED" with the one span that differs."""
    start = _shared(before, after)
    shorter = min(len(before), len(after)) - start
    tail = _shared(before[len(before) - shorter :][::-1], after[len(after) - shorter :][::-1]) if shorter else 0
    return f"{start} {len(before) - start - tail} {after[start : len(after) - tail]}"


def apply_difference(before: str, difference: str) -> str:
    """The text after. ValueError for a difference that is none, or that does not fit this text."""
    start_word, removed_word, inserted = difference.split(" ", 2)
    start, removed = int(start_word), int(removed_word)
    if start < 0 or removed < 0 or start + removed > len(before):
        raise ValueError("the difference does not fit the text")
    return before[:start] + inserted + before[start + removed :]


def _shared(one: str, other: str) -> int:
    """How many characters both texts start with, found by halving: comparing slices is far quicker than characters."""
    least, most = 0, min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    while most - least > 1:
        middle = (least + most) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle
    return least
