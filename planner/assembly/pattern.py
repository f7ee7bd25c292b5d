"""A cycle's content made ready for every patient: its runs as they are, its doses as questions.

Patients of whom a cycle asks the same facts, and who gave the same answers, differ in nothing but their doses. So the
runs are made once for a version of a protocol, and a new patient costs one product a line.
"""

from msgspec import Struct

from planner.assembly.dosing import Plain, Reckoned, Size, plain_question
from planner.model.cycle_content import ComputedDose, CycleContent, Pattern


class Fillable(Struct, frozen=True, eq=False):
    """A pattern with the questions its doses answer.

    `asked` are the questions, each once; `place` tells for each run which of them is its own, -1 where its dose is
    `fixed`: none, or one that a site has to enter whoever the patient is.
    """

    pattern: Pattern
    asked: tuple[Plain, ...]
    places: tuple[int, ...]
    fixed: tuple[ComputedDose | None, ...]

    def fill(self, size: Size) -> CycleContent | None:
        """The content for that size; None where a dose takes the whole computation, which may also change a note."""
        doses: list[ComputedDose | None] = [plain.dose(size) for plain in self.asked]
        if None in doses:
            return None
        doses.append(None)  # for the runs that ask for none, whose place is -1
        filled = [doses[place] for place in self.places]
        if self.fixed:
            filled = [own or dose for own, dose in zip(self.fixed, filled, strict=True)]
        return CycleContent(self.pattern, tuple(filled))


def fillable(content: CycleContent) -> Fillable | None:
    """What other patients can be given of a content; None where a dose hangs on more than one product."""
    asked: dict[int, tuple[int, Plain]] = {}
    places: list[int] = []
    for run in content.runs:
        how = run.dose.how if run.dose else None
        plain = plain_question(how.asked) if isinstance(how, Reckoned) else None
        if plain is None:
            if run.dose is not None and not _is_fixed(run.dose):
                return None
            places.append(-1)
        else:
            places.append(asked.setdefault(id(run.dose), (len(asked), plain))[0])
    pattern = content.pattern
    fixed = tuple(run.dose if place < 0 else None for run, place in zip(content.runs, places, strict=True))
    bare = Pattern(tuple(run.with_dose(None) for run in content.runs), pattern.count, pattern.first, pattern.last)
    return Fillable(bare, tuple(plain for _, plain in asked.values()), tuple(places), fixed if any(fixed) else ())


def _is_fixed(dose: ComputedDose) -> bool:
    """Whether the dose is the same whoever the patient is: no source gives one, so there is nothing to compute."""
    return dose.value is None and not dose.unit
