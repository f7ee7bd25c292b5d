"""The protocols of the library as list rows."""

from planner.model.library import Library, ShelvedProtocol
from ui.models.rows_model import Column
from ui.tongue import say


def short_title(shelved: ShelvedProtocol) -> str:
    """The title up to the colon after which it explains itself."""
    return shelved.protocol.title.partition(":")[0]


def short_titles(library: Library) -> dict[str, str]:
    """The short title of each protocol by its id."""
    return {one.protocol.id: short_title(one) for one in library.protocols.values()}


def _badges(shelved: ShelvedProtocol) -> str:
    protocol = shelved.protocol
    words = [protocol.status.value, protocol.weakest_evidence.value]
    words += [] if shelved.origin == "shipped" else ["own"]
    return " · ".join(say(word) for word in words)


def _tip(shelved: ShelvedProtocol) -> str:
    protocol = shelved.protocol
    return "\n".join(
        (
            f"{protocol.title} ({say('version {version}', version=protocol.version)})",
            protocol.disease,
            protocol.population,
            say("Weakest evidence of any item: {evidence}", evidence=say(protocol.weakest_evidence.value)) + ".",
            say("File status: {status}.", status=say(protocol.status.value)),
        )
    )


CATALOGUE_COLUMNS = (
    Column(
        "Protocol", short_title, tip=_tip, detail=_badges, mark=lambda shelved: shelved.protocol.weakest_evidence.value
    ),
)
