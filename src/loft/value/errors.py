"""What goes wrong when an effect is asked for: the input is wrong, or the design cannot answer."""

from loft.value.sentence import Figure, Sentence


class BadInput(ValueError):  # noqa: N818 - reads as what it is where it is raised
    """The input cannot be used. The message says what is wrong, where, and what to do."""

    def __init__(self, text: str, **figures: Figure) -> None:
        self.sentence = Sentence(text, tuple(figures.items()))
        super().__init__(str(self.sentence))

    def __str__(self) -> str:
        return str(self.sentence)


class CannotBeKnown(BadInput):
    """With these units and dates no honest number can be given. The message says why, and what would make it knowable."""
