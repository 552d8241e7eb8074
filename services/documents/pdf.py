"""A paper as a PDF: A4, one visual identity, fonts embedded, QR code, pages numbered. The same paper gives the same bytes."""

import io
from functools import partial
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.flowables import CondPageBreak, Flowable, KeepTogether, Spacer
from reportlab.platypus.frames import Frame
from reportlab.platypus.paragraph import Paragraph
from reportlab.platypus.tables import Table, TableStyle

from services.documents.papier import Papier, Rubrique

BLEU, ENCRE, GRIS, FILET, FOND = (HexColor(f"#{teinte}") for teinte in ("1D3B78", "1B2333", "4A556B", "C9D2E3", "F2F5FA"))
NORMAL, DEMI_GRAS, GRAS = "Roboto", "Roboto-Medium", "Roboto-Bold"
MARGE = 22 * mm
BANDEAU = 18 * mm
COTE_QR = 26 * mm

_POLICES = files("font_roboto") / "files"
for _nom, _fichier in ((NORMAL, "Roboto-Regular.ttf"), (DEMI_GRAS, "Roboto-Medium.ttf"), (GRAS, "Roboto-Bold.ttf")):
    pdfmetrics.registerFont(TTFont(_nom, str(_POLICES / _fichier)))

TEXTE = ParagraphStyle("texte", fontName=NORMAL, fontSize=9.5, leading=13, textColor=ENCRE, spaceAfter=4)
NOM = ParagraphStyle("nom", parent=TEXTE, textColor=GRIS, spaceAfter=0)
VALEUR = ParagraphStyle("valeur", parent=TEXTE, fontName=DEMI_GRAS, spaceAfter=0)
TITRE = ParagraphStyle("titre", parent=TEXTE, fontName=GRAS, fontSize=21, leading=25, textColor=BLEU, spaceAfter=2)
SOUS_TITRE = ParagraphStyle("sous_titre", parent=TEXTE, fontName=DEMI_GRAS, fontSize=13, leading=17, spaceAfter=10)
RUBRIQUE = ParagraphStyle("rubrique", parent=TEXTE, fontName=GRAS, fontSize=11.5, leading=15, textColor=BLEU, spaceBefore=7, spaceAfter=3)
ADRESSE = ParagraphStyle("adresse", parent=TEXTE, alignment=TA_RIGHT, spaceAfter=0)
PETIT = ParagraphStyle("petit", parent=TEXTE, fontSize=8.5, leading=11.5, textColor=GRIS, spaceAfter=0)


class _Numerotee(Canvas):
    """Numbers the pages once their count is known: « page 1 sur 2 »."""

    def __init__(self, *args: Any, papier: Papier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._papier = papier
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 -- reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for rang, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._pied(rang, len(self._pages))
            super().showPage()
        super().save()

    def _pied(self, rang: int, total: int) -> None:
        self.setFont(NORMAL, 8)
        self.setFillColor(GRIS)
        self.drawString(MARGE, 12 * mm, f"{self._papier.emetteur} – référence {self._papier.reference}")
        self.drawRightString(A4[0] - MARGE, 12 * mm, f"page {rang} sur {total}")


def rendre(papier: Papier) -> bytes:
    sortie = io.BytesIO()
    document = BaseDocTemplate(
        sortie,
        pagesize=A4,
        title=f"{papier.titre} – {papier.sous_titre}",
        author=papier.emetteur,
        subject=f"Référence {papier.reference}",
        creator="Inscription en ligne",
        lang="fr-FR",
        invariant=1,
    )
    cadre = Frame(MARGE, 20 * mm, A4[0] - 2 * MARGE, A4[1] - 20 * mm - BANDEAU - 8 * mm, leftPadding=0, rightPadding=0, topPadding=0)
    document.addPageTemplates(PageTemplate("page", [cadre], onPage=partial(_bandeau, papier)))
    document.build(_contenu(papier), canvasmaker=partial(_Numerotee, papier=papier))
    return sortie.getvalue()


def _bandeau(papier: Papier, canvas: Canvas, _: BaseDocTemplate) -> None:
    largeur, hauteur = A4
    canvas.setFillColor(BLEU)
    canvas.rect(0, hauteur - BANDEAU, largeur, BANDEAU, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#FFFFFF"))
    canvas.setFont(GRAS, 12)
    canvas.drawString(MARGE, hauteur - 11.5 * mm, papier.emetteur)
    canvas.setFont(NORMAL, 9)
    canvas.drawRightString(largeur - MARGE, hauteur - 11.5 * mm, "Inscription en ligne")


def _contenu(papier: Papier) -> list[Flowable]:
    contenu: list[Flowable] = [
        Paragraph("<br/>".join(escape(ligne) for ligne in papier.destinataire if ligne), ADRESSE),
        Spacer(1, 3 * mm),
        Paragraph(escape(papier.titre), TITRE),
        Paragraph(escape(papier.sous_titre), SOUS_TITRE),
        Paragraph(escape(papier.introduction), TEXTE),
    ]
    for rubrique in papier.rubriques:
        contenu += _rubrique(rubrique)
    contenu += [Spacer(1, 5 * mm), _verification(papier)]
    return contenu


def _rubrique(rubrique: Rubrique) -> list[Flowable]:
    # A title never stays alone at the foot of a page.
    parties: list[Flowable] = [CondPageBreak(30 * mm), Paragraph(escape(rubrique.titre), RUBRIQUE)]
    if rubrique.faits:
        lignes = [[Paragraph(escape(nom), NOM), Paragraph(escape(valeur), VALEUR)] for nom, valeur in rubrique.faits]
        table = Table(lignes, colWidths=[40 * mm, None], splitByRow=1)
        table.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.5, FILET),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 2),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ]
            )
        )
        parties.append(table)
    parties += [Paragraph(escape(paragraphe), TEXTE) for paragraphe in rubrique.paragraphes]
    return parties


def _verification(papier: Papier) -> Flowable:
    texte = Paragraph(
        f"{escape(papier.etabli)} par {escape(papier.emetteur)}.<br/>"
        f"Référence\N{NO-BREAK SPACE}: <font name='{GRAS}' color='#1B2333'>{escape(papier.reference)}</font><br/>"
        f"Chacun peut vérifier ce document en lisant le code, ou à l’adresse<br/>{escape(papier.verification)}",
        PETIT,
    )
    table = Table([[_CodeQR(papier.verification), texte]], colWidths=[COTE_QR + 6 * mm, None])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("BACKGROUND", (0, 0), (-1, -1), FOND)]))
    return KeepTogether([table])


class _CodeQR(Flowable):
    """The QR code, drawn as squares: sharp at any size, and nothing to embed."""

    def __init__(self, adresse: str) -> None:
        super().__init__()
        self._modules = [bytes(ligne) for ligne in segno.make(adresse, error="m", micro=False).matrix]

    def wrap(self, *_: float) -> tuple[float, float]:
        return COTE_QR, COTE_QR

    def draw(self) -> None:
        cote = COTE_QR / len(self._modules)
        self.canv.setFillColor(ENCRE)
        for rang, ligne in enumerate(self._modules):
            for colonne, noir in enumerate(ligne):
                if noir:
                    self.canv.rect(colonne * cote, COTE_QR - (rang + 1) * cote, cote, cote, stroke=0, fill=1)
