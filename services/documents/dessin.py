"""What is drawn rather than written on a paper: its colours, the mark of the platform, the QR code."""

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

BLEU, ENCRE, GRIS, AMBRE, TRAIT, FOND, CREME = (
    HexColor(f"#{teinte}") for teinte in ("14324a", "1b2733", "4d5965", "e0a458", "d8d0bf", "f6f3ec", "f4efe6")
)
COTE_QR = 25 * mm

# The mark is drawn on a square of this side, as in the pages.
COTE_DU_DESSIN = 40
# How far the handles of a Bézier curve stand from its ends, in radii, for it to be a quarter of a circle.
QUART_DE_CERCLE = 0.5523


def dessiner_la_marque(canvas: Canvas, gauche: float, bas: float, cote: float) -> None:
    """An arch from the one who asks to the one who welcomes: half a line, half the steps still to come."""
    canvas.saveState()
    canvas.translate(gauche, bas + cote)
    canvas.scale(cote / COTE_DU_DESSIN, -cote / COTE_DU_DESSIN)
    canvas.setFillColor(BLEU)
    canvas.roundRect(0, 0, COTE_DU_DESSIN, COTE_DU_DESSIN, 9, stroke=0, fill=1)
    canvas.setLineWidth(3)
    canvas.setLineCap(1)
    canvas.setStrokeColor(CREME)
    _arche(canvas, pied=10, rayon=5.5)
    canvas.setStrokeColor(AMBRE)
    canvas.setDash([0.1, 5.6])
    _arche(canvas, pied=30, rayon=-7.5)
    for x, y, teinte in ((10, 29, CREME), (20, 10, CREME), (30, 29, AMBRE)):
        canvas.setFillColor(teinte)
        canvas.circle(x, y, 3.6, stroke=0, fill=1)
    canvas.restoreState()


def _arche(canvas: Canvas, *, pied: float, rayon: float) -> None:
    """From the top of the mark, over and down to `pied`; a negative radius turns to the right."""
    coude, sommet = pied + rayon, 10 + abs(rayon)
    chemin = canvas.beginPath()
    chemin.moveTo(20, 10)
    chemin.lineTo(coude, 10)
    chemin.curveTo(coude - QUART_DE_CERCLE * rayon, 10, pied, sommet - QUART_DE_CERCLE * abs(rayon), pied, sommet)
    chemin.lineTo(pied, 29)
    canvas.drawPath(chemin, stroke=1, fill=0)


class CodeQR(Flowable):
    """The QR code, drawn as squares: sharp at any size, and nothing to embed."""

    def __init__(self, adresse: str) -> None:
        super().__init__()
        self._modules = [bytes(ligne) for ligne in segno.make(adresse, error="m", micro=False).matrix]

    def wrap(self, *_: float) -> tuple[float, float]:
        return COTE_QR, COTE_QR

    def draw(self) -> None:
        """One path of horizontal runs: no hairline shows between squares."""
        cote = COTE_QR / len(self._modules)
        chemin = self.canv.beginPath()
        for rang, ligne in enumerate(self._modules):
            for debut, longueur in _suites(ligne):
                chemin.rect(debut * cote, COTE_QR - (rang + 1) * cote, longueur * cote, cote)
        self.canv.setFillColor(ENCRE)
        self.canv.drawPath(chemin, stroke=0, fill=1)


def _suites(ligne: bytes) -> list[tuple[int, int]]:
    """Where each run of dark squares begins, and its length."""
    suites: list[tuple[int, int]] = []
    for colonne, noir in enumerate(ligne):
        if not noir:
            continue
        if suites and sum(suites[-1]) == colonne:
            debut, longueur = suites.pop()
            suites.append((debut, longueur + 1))
        else:
            suites.append((colonne, 1))
    return suites
