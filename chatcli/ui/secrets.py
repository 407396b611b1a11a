"""What nobody should see: a masked prompt, masked arguments, and what is shown only once."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.layout import BufferControl, Window
from prompt_toolkit.layout.processors import (
    BeforeInput,
    PasswordProcessor,
    Processor,
    Transformation,
    TransformationInput,
)
from prompt_toolkit.layout.utils import explode_text_fragments

from chatcli.asking import Ask, secret_from
from chatcli.person import Secret
from chatcli.ui.text import Row, pad, wrap

DOT = "•"
WIDEST = 60  # columns of a pop-up's text
_CLOSES = "any key closes this, and it is gone"


class MaskSecrets(Processor):
    """Shows dots where somebody types a secret behind a command."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Put dots in the place of a secret."""
        start = secret_from(transformation_input.document.text)
        if start is None or transformation_input.lineno:
            return Transformation(transformation_input.fragments)
        fragments = explode_text_fragments(transformation_input.fragments)
        masked: StyleAndTextTuples = [
            (style, DOT if index >= start else text)
            for index, (style, text, *_) in enumerate(fragments)
        ]
        return Transformation(masked)


class SecretPrompt:
    """Asks for the secrets of a command one by one. ``done`` gets the answers, or None."""

    def __init__(self, done: Callable[[Ask, list[str] | None], None]) -> None:
        self.ask: Ask | None = None
        self._answers: list[str] = []
        self._done = done
        self.buffer = Buffer(history=DummyHistory(), multiline=False, accept_handler=self._accept)
        before = BeforeInput(self.words, "class:secret")
        control = BufferControl(self.buffer, input_processors=[PasswordProcessor(DOT), before])
        self.window = Window(control, height=1, wrap_lines=False)

    def words(self) -> str:
        """Return the words of the question."""
        if self.ask is None:
            return ""
        return f"{self.ask.questions[len(self._answers)].words}: "

    def begin(self, ask: Ask) -> None:
        """Ask the first question."""
        self.ask, self._answers = ask, []
        self.buffer.reset()

    def cancel(self) -> None:
        """Ask no more."""
        ask, self.ask, self._answers = self.ask, None, []
        self.buffer.reset()
        if ask is not None:
            self._done(ask, None)

    def _accept(self, buffer: Buffer) -> bool:
        ask = self.ask
        if ask is None:
            return False
        answers = [*self._answers, buffer.text]
        buffer.reset()
        if len(answers) < len(ask.questions):
            self._answers = answers
        else:
            self.ask, self._answers = None, []
            self._done(ask, answers)
        # The buffer is empty already: nothing of it is kept.
        return True


class Popup:
    """Shows something once, above all else."""

    def __init__(self) -> None:
        self.secret: Secret | None = None

    def rows(self, columns: int) -> list[Row]:
        """Return what is shown, for a screen of so many columns."""
        if self.secret is None:
            return []
        width = max(10, min(WIDEST, columns - 6))
        texts = [self.secret.heading, "", *wrap(self.secret.text, width), "", _CLOSES]
        texts = [row for text in texts for row in wrap(text, width)]
        return [[("class:popup", f" {pad(text, width)} ")] for text in texts]
