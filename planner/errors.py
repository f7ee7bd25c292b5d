"""Everything that may go wrong in a known way. A known error is shown to people as its own sentence, without traceback.

Three kinds of problem are never mixed: a ContentProblem (a data file is wrong), a Finding (a rule speaks about a plan),
and these exceptions (the input, the machine, or an edit that is not allowed). Anything else that is raised is our bug.
"""

from planner.model.sentence import Sentence


class PlannerError(Exception):
    """Root of all errors this program raises on purpose."""


class KnownError(PlannerError):
    """The input or the machine is at fault. The text says what happened and what to do.

    `exit_code` is what the command line ends with.
    """

    exit_code = 2

    @property
    def lines(self) -> tuple[str, ...]:
        """The text, one line a problem."""
        return tuple(str(self).splitlines())


class DataFolderGone(KnownError):
    """The folder that somebody chose for the plans is not there: nothing may be begun anew elsewhere meanwhile."""

    exit_code = 3


class InputProblem(KnownError):
    """What somebody handed in is wrong. Each line names the file, the place in it and what to do."""

    exit_code = 2

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self._lines = lines

    @property
    def lines(self) -> tuple[str, ...]:
        return self._lines


class Refusal(KnownError):
    """An edit that is not allowed, said in one sentence. The plan stays as it was.

    `rule` names what stands against it ("unknown day", "overlap"), `nearest` what would be taken instead, if anything.
    `said` is the sentence with the `values` in its places, which the window says in the language chosen there.
    """

    exit_code = 2

    def __init__(self, message: str, rule: str = "", nearest: str = "", /, **values: object) -> None:
        self.said = message if isinstance(message, Sentence) else Sentence(message, **values)
        super().__init__(str(self.said))
        self.rule = rule
        self.nearest = nearest


class NothingToDo(Refusal):
    """An edit that has nothing to change because all is well: refused like others, but good news."""


class EnvironmentProblem(KnownError):
    """The machine failed us: disk, permission, a damaged or foreign store. Nothing that was saved is touched."""

    exit_code = 3


class KeyNeeded(KnownError):
    """The store is locked: it opens with a passphrase or a keyring only. Nothing was read or changed."""

    exit_code = 2


class WrongPassphrase(KeyNeeded):
    """This passphrase does not open the store, or is none that could be set. Nothing was changed."""
