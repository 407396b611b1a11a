"""Lines to be rendered, and rows as somebody reads them."""

from chatcli.line import Line, Mark
from chatcli.ui.text import Row
from tests.chatcli.events import NOW


def plain(row: Row) -> str:
    """Return the text of a row."""
    return "".join(piece[1] for piece in row)


def line(text: str = "hello", mark: Mark = "", **more: object) -> Line:
    """Return a message of bo with number 7."""
    return Line(kind="text", t=NOW, text=text, who="bo", seq=7, mark=mark, **more)  # type: ignore[arg-type]
