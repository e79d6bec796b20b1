"""The items of frames and sticky notes, which lie below wires and cards."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.inks import Inks
from engine.decor import Frame, Note

translate = QCoreApplication.translate
TITLE = 28.0  # height of a frame's bar, by which it is taken
SMALL = 0.6  # scale below which titles are written larger
INSET = 10.0  # from a note's edge to its text
RADIUS = 8.0
FRAME_FILL, FRAME_EDGE, BAR_FILL = 16, 150, 40  # how opaque each is, of 255


class PlacedItem(QGraphicsItem):
    """A frame or a note. It is told what to show and repaints only when that changes."""

    def __init__(self, key: str, what: Frame | Note, inks: Inks) -> None:
        super().__init__()
        self.key, self.inks = key, inks
        self.selected = False
        self._size = QSizeF()
        self._document = _Document()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.show_what(what)

    def show_what(self, what: Frame | Note) -> None:
        """Show a frame or a note with its place, size, colour and text."""
        self.what = what
        self.show_area(QRectF(*what.area))
        self._write()

    def show_area(self, area: QRectF) -> None:
        """Lie elsewhere for as long as a gesture lasts."""
        self.setPos(area.topLeft())
        if area.size() != self._size:
            self.prepareGeometryChange()
            self._size = area.size()
            self._document.setTextWidth(max(20.0, area.width() - 2 * INSET))
        large = self._size.width() * self._size.height()
        self.setZValue((-3 if isinstance(self.what, Frame) else -2) - large / (1 + large) / 2)  # the larger, the lower

    def show_inks(self, inks: Inks) -> None:
        self.inks = inks
        self._write()

    def show_selected(self, selected: bool) -> None:
        if selected != self.selected:
            self.selected = selected
            self.update()

    @property
    def area(self) -> QRectF:
        """Where it lies in the scene."""
        return QRectF(self.pos(), self._size)

    def boundingRect(self) -> QRectF:
        return QRectF(QPointF(0, 0), self._size).adjusted(-3, -3, 3, 3)

    def _write(self) -> None:
        if isinstance(self.what, Note):
            self._document.setDefaultFont(self.inks.summary_letters[0][0])
            features = QTextDocument.MarkdownFeature
            self._document.setMarkdown(self.what.text, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
            self._document.settle(self.inks.link)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if isinstance(self.what, Frame):
            self._paint_frame(painter, self.what)
        else:
            self._paint_note(painter, self.what)

    def _paint_body(self, painter: QPainter, fill: QColor) -> None:
        colour = QColor(self.inks.theme.mark(self.what.colour))
        body = QRectF(QPointF(0, 0), self._size).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(self.inks.selected if self.selected else QPen(_sheer(colour, FRAME_EDGE), 1.2))
        painter.setBrush(fill)
        painter.drawRoundedRect(body, RADIUS, RADIUS)

    def _paint_frame(self, painter: QPainter, frame: Frame) -> None:
        colour = QColor(self.inks.theme.mark(frame.colour))
        self._paint_body(painter, _sheer(colour, FRAME_FILL))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_sheer(colour, BAR_FILL))
        painter.drawRoundedRect(QRectF(1, 1, self._size.width() - 2, TITLE - 2), RADIUS - 1, RADIUS - 1)
        far = painter.worldTransform().m11() < SMALL
        font, metrics = (self.inks.large_letters if far else self.inks.name_letters)[0]
        title = frame.title or translate("Canvas", "Frame")
        room = self._size.width() - 2 * INSET
        painter.setFont(font)
        painter.setPen(self.inks.text if frame.title else self.inks.muted)
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(INSET, 0, room, TITLE), Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_note(self, painter: QPainter, note: Note) -> None:
        self._paint_body(painter, QColor(self.inks.theme.paper(note.colour)))
        inner = QRectF(0, 0, self._size.width() - 2 * INSET, self._size.height() - 2 * INSET)
        painter.save()
        painter.translate(INSET, INSET)
        painter.setClipRect(inner)
        if note.text.strip():
            context = QAbstractTextDocumentLayout.PaintContext()
            context.palette.setColor(QPalette.ColorRole.Text, self.inks.text)
            context.clip = inner
            self._document.documentLayout().draw(painter, context)
        else:
            painter.setFont(self.inks.summary_letters[0][0])
            painter.setPen(self.inks.muted)
            painter.drawText(inner, Qt.TextFlag.TextWordWrap, translate("Canvas", "Double-click to write"))
        painter.restore()


class _Document(QTextDocument):
    """Loads nothing that a text names: no pictures, no pages."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMargin(0)
        self.setUndoRedoEnabled(False)
        self.setIndentWidth(14)

    def settle(self, link: QColor) -> None:
        """Give links their colour, and write for each picture the words that stand for it."""
        for place, length, form in reversed(list(self._pieces())):
            cursor = QTextCursor(self)
            cursor.setPosition(place)
            cursor.setPosition(place + length, QTextCursor.MoveMode.KeepAnchor)
            if form.isImageFormat():
                words = form.property(QTextFormat.Property.ImageAltText) or translate("Canvas", "picture")
                cursor.insertText(f"[{words}]", QTextCharFormat())
            else:
                coloured = QTextCharFormat()
                coloured.setForeground(link)
                cursor.mergeCharFormat(coloured)

    def _pieces(self) -> Iterator[tuple[int, int, QTextCharFormat]]:
        """Place, length and format of each picture and each link."""
        block = self.begin()
        while block.isValid():
            walk = block.begin()
            while not walk.atEnd():
                piece = walk.fragment()
                if piece.charFormat().isImageFormat() or piece.charFormat().isAnchor():
                    yield piece.position(), piece.length(), piece.charFormat()
                walk += 1
            block = block.next()

    def loadResource(self, kind: int, name: QUrl) -> object:
        return None


def _sheer(colour: QColor, opaque: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(opaque)
    return made
