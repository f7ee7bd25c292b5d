"""Pages of a PDF as pictures, drawn from the very bytes that are saved."""

from PySide6.QtGui import QImage


class PdfPages:
    """An open PDF. Close it when done: the library below holds memory of its own."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(content)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._document)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page, counted from 0, in points."""
        width, height = self._document.get_page_size(number)
        return (width, height)

    def picture(self, number: int, scale: float) -> QImage:
        """The page, counted from 0, at so many pixels a point."""
        page = self._document[number]
        bitmap = page.render(scale=scale, rev_byteorder=True)
        formats = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBX8888}
        view = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, formats[bitmap.n_channels])
        picture = view.copy()
        page.close()
        return picture

    def close(self) -> None:
        """Give the memory free."""
        self._document.close()
