"""References: each of a protocol's is cited somewhere, and none leads to a test server that will be gone tomorrow."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.resources.reading import PROTOCOL_FILES, RESOURCES

CITED = ("references", "entry_references")
NOT_FOR_READERS = re.compile(r"https?://(?:\w+\.)?(?:uat|sit|stg|staging|dev|preprod)\.|mimsdev\.|azurewebsites\.")
"""Addresses of servers on which a publisher tries things out."""


def _cited(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _cited(one)
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from value if name in CITED and isinstance(value, list) else _cited(value)


@pytest.mark.parametrize("path", PROTOCOL_FILES, ids=lambda path: path.stem)
def test_every_reference_of_a_protocol_is_cited(path):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(data["references"]) == set(_cited(data))


def test_no_source_is_an_address_on_a_test_server():
    for path in RESOURCES.rglob("*.toml"):
        assert not NOT_FOR_READERS.findall(path.read_text(encoding="utf-8")), path.name


def test_powers_of_ten_have_one_spelling():
    for path in RESOURCES.rglob("*.toml"):
        found = [line for line in path.read_text(encoding="utf-8").splitlines() if re.search(r"10\^|\bx 10[⁶⁹]", line)]
        assert not found, path.name
