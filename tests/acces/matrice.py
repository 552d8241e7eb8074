"""Who may call what: one line an endpoint. An endpoint of the OpenAPI without its line here fails the build.

`chez_lui` are the roles that pass when the resource belongs to their own organisation, `ailleurs` when it belongs to another of
the same kind. To pass is to be answered neither 401, 403 nor 404 and, where a `marqueur` is given, to find it in the answer: a
list that is empty for someone shows him nothing.
"""

from dataclasses import dataclass, field
from typing import Any

from services.contracts.acteur import Role

PUBLIC = frozenset(Role)

GERENT = frozenset({Role.GESTIONNAIRE_PRINCIPAL, Role.GESTIONNAIRE})
TIENNENT_LES_AGENTS = GERENT | {Role.CLIENT_API}
LISENT = GERENT | {Role.LECTURE, Role.CLIENT_API}
DE_LA_COLLECTIVITE = LISENT | {Role.AGENT, Role.SUPERIEUR}
REGLENT = frozenset({Role.GESTIONNAIRE_PRINCIPAL})
INSTRUISENT = frozenset({Role.CONSEILLER, Role.ADMINISTRATEUR})
DE_L_ORGANISME = INSTRUISENT | {Role.ASSISTANT, Role.DIRECTION}
SANS_RESSORT = frozenset({Role.ADMINISTRATEUR, Role.DIRECTION})
PERSONNE: frozenset[Role] = frozenset()
TOUS = frozenset(Role)


@dataclass(frozen=True)
class Entree:
    """One endpoint. `{noms}` in `requete`, `corps` and `marqueur` are those of the `Monde`."""

    methode: str
    chemin: str
    chez_lui: frozenset[Role]
    ailleurs: frozenset[Role]
    requete: str = ""
    corps: dict[str, Any] | None = None
    marqueur: str = ""
    publique: bool = False
    entetes: dict[str, str] = field(default_factory=dict)

    @property
    def nom(self) -> str:
        return f"{self.methode} {self.chemin}"


def _ouverte_a_tous(methode: str, chemin: str, corps: dict[str, Any] | None = None) -> Entree:
    """Needs no token: it gives one, or holds its own secret."""
    return Entree(methode, chemin, TOUS, TOUS, corps=corps, publique=True)


_I = "/api/identity/v1"

_RETOUR_TIERS = {
    "code": "inconnu",
    "code_verifier": "v" * 43,
    "nonce": "inconnu",
    "redirect_uri": "http://localhost/connexion/tiers/retour",
}
COMPTES = (
    _ouverte_a_tous("GET", _I + "/liens/{lien}"),
    _ouverte_a_tous("POST", _I + "/liens/{lien}", {"mot_de_passe": "court"}),
    _ouverte_a_tous("POST", _I + "/liens/{lien}/renvoi"),
    _ouverte_a_tous("POST", _I + "/mot-de-passe-oublie", {"identifiant": "personne.inconnue"}),
    Entree("PUT", _I + "/moi/mot-de-passe", PERSONNE, PERSONNE, corps={"ancien": "inconnu", "nouveau": "le chemin longe la rive"}),
    # Nobody here has an account: none is found to change.
    Entree("GET", _I + "/moi/adresse", PERSONNE, PERSONNE),
    Entree("PUT", _I + "/moi/adresse", PERSONNE, PERSONNE, corps={"nouvelle": "autre@rochebrune.example", "mot_de_passe": "inconnu"}),
    Entree("DELETE", _I + "/moi/adresse", PERSONNE, PERSONNE),
    _ouverte_a_tous("GET", _I + "/liens-adresse/{lien}"),
    _ouverte_a_tous("POST", _I + "/liens-adresse/{lien}", {"reponse": "confirmer"}),
    Entree("GET", _I + "/changements-adresse", REGLENT, PERSONNE, marqueur="{changement}"),
    Entree("POST", _I + "/changements-adresse/{changement}/confirmation", REGLENT, PERSONNE, corps={"motif": "Vue dans mon bureau."}),
    _ouverte_a_tous("GET", _I + "/sessions/oidc"),
    # No provider is configured here: there is nobody to go to, nor to come back from.
    _ouverte_a_tous("POST", _I + "/sessions/oidc/depart", {"redirect_uri": "http://localhost/connexion/tiers/retour"}),
    _ouverte_a_tous("POST", _I + "/sessions/oidc", _RETOUR_TIERS),
    Entree("GET", _I + "/moi/identites", TOUS, TOUS),
    Entree("POST", _I + "/moi/identites", PERSONNE, PERSONNE, corps=_RETOUR_TIERS),
    # Another's identity is never found, whoever asks.
    Entree("DELETE", _I + "/moi/identites/{document}", PERSONNE, PERSONNE),
    Entree("GET", _I + "/moi/sessions", TOUS, TOUS),
    Entree("DELETE", _I + "/moi/sessions", TOUS, TOUS),
    # Another's session is never found, whoever asks.
    Entree("DELETE", _I + "/moi/sessions/{document}", PERSONNE, PERSONNE),
)

IDENTIFIANTS = (
    Entree("GET", _I + "/identifiants", REGLENT, REGLENT),
    Entree("PUT", _I + "/identifiants", REGLENT, REGLENT, corps={"forme": "email"}, entetes={"If-Match": '"une-autre"'}),
    Entree("GET", _I + "/identifiants/apercu", REGLENT, PERSONNE, requete="forme=matricule&prefixe=roc-", marqueur="claire.lebris"),
    Entree("POST", _I + "/identifiants/application", REGLENT, REGLENT),
)

_OUVERTURE = _I + "/ouvertures/{ouverture}"
_INCONNU = {"X-Acces-Ouverture": "inconnu"}
OUVERTURES = (
    # An invalid SIRET: who may open is told so, and nothing is opened.
    Entree(
        "POST",
        _I + "/ouvertures",
        INSTRUISENT,
        INSTRUISENT,
        corps={"siret": "21350950800015", "nom": "Rochebrune", "email": "mairie@rochebrune.example", "departement": "35"},
    ),
    Entree("GET", _I + "/ouvertures", INSTRUISENT, frozenset({Role.ADMINISTRATEUR}), marqueur="{ouverture}"),
    Entree("GET", _OUVERTURE, INSTRUISENT, frozenset({Role.ADMINISTRATEUR})),
    Entree("POST", _OUVERTURE + "/mot-de-passe", INSTRUISENT, frozenset({Role.ADMINISTRATEUR})),
    Entree("POST", _OUVERTURE + "/decision", INSTRUISENT, frozenset({Role.ADMINISTRATEUR}), corps={"issue": "valider"}),
    _ouverte_a_tous("POST", _I + "/ouvertures/acces", {"code": "35-AAAA-BBBB", "mot_de_passe": "aaaa-bbbb-cccc"}),
    Entree("GET", _I + "/ouvertures/acces/dossier", TOUS, TOUS, entetes=_INCONNU, publique=True),
    Entree("POST", _I + "/ouvertures/acces/dossier", TOUS, TOUS, corps={}, entetes=_INCONNU, publique=True),
)

_IMPORT = _I + "/imports/{import}"
IMPORTS = (
    Entree("GET", _I + "/agents/export", LISENT, PERSONNE, requete="format=csv", marqueur="claire.lebris@"),
    Entree("GET", _I + "/imports/modele", TIENNENT_LES_AGENTS, TIENNENT_LES_AGENTS, requete="format=csv"),
    # Without a file: who may import is told so.
    Entree("POST", _I + "/imports", TIENNENT_LES_AGENTS, TIENNENT_LES_AGENTS),
    Entree("GET", _I + "/imports", TIENNENT_LES_AGENTS, PERSONNE, marqueur="{import}"),
    Entree("GET", _IMPORT, TIENNENT_LES_AGENTS, PERSONNE),
    Entree("GET", _IMPORT + "/lignes", TIENNENT_LES_AGENTS, PERSONNE),
    Entree("GET", _IMPORT + "/rapport", TIENNENT_LES_AGENTS, PERSONNE, requete="format=csv"),
    Entree("POST", _IMPORT + "/application", TIENNENT_LES_AGENTS, PERSONNE, corps={"choix": "rien_si_erreur"}),
    Entree("POST", _IMPORT + "/abandon", TIENNENT_LES_AGENTS, PERSONNE),
)

IDENTITY = (
    _ouverte_a_tous("POST", "/api/identity/v1/sessions", {"identifiant": "inconnu", "mot_de_passe": "inconnu"}),
    _ouverte_a_tous("POST", "/api/identity/v1/sessions/renouvellement", {"refresh_token": "inconnu"}),
    _ouverte_a_tous("POST", "/api/identity/v1/sessions/fermeture", {"refresh_token": "inconnu"}),
    _ouverte_a_tous("GET", "/api/identity/v1/jwks.json"),
    Entree("GET", "/api/identity/v1/moi", TOUS, TOUS),
    Entree("GET", "/api/identity/v1/structures", TOUS, TOUS, marqueur="Bretagne"),
    Entree("GET", "/api/identity/v1/collectivites", DE_L_ORGANISME, SANS_RESSORT, requete="q=Rochebrune", marqueur="{collectivite}"),
    Entree("GET", "/api/identity/v1/collectivites/{collectivite}", DE_LA_COLLECTIVITE | DE_L_ORGANISME, SANS_RESSORT),
    Entree("GET", "/api/identity/v1/agents", LISENT, PERSONNE, requete="q=Claire", marqueur="{agent}"),
    Entree("GET", "/api/identity/v1/agents/{agent}", LISENT | {Role.AGENT}, PERSONNE),
    *COMPTES,
    *IDENTIFIANTS,
    *OUVERTURES,
    *IMPORTS,
)


CATALOGUE = (
    Entree(
        "GET",
        "/api/catalogue/v1/sessions",
        LISENT | DE_L_ORGANISME | {Role.AGENT},
        SANS_RESSORT,
        requete="q={session_q}",
        marqueur="{session}",
    ),
    Entree("GET", "/api/catalogue/v1/sessions/{session}", LISENT | DE_L_ORGANISME | {Role.AGENT}, SANS_RESSORT),
)

_DEMANDE = "/api/inscriptions/v1/inscriptions/{demande}"
INSCRIPTIONS = (
    Entree(
        "POST",
        "/api/inscriptions/v1/inscriptions",
        frozenset({Role.AGENT}),
        PERSONNE,
        corps={"session_id": "{session}", "motivation": "Je souhaite suivre cette formation pour mon service."},
    ),
    Entree("GET", "/api/inscriptions/v1/inscriptions", LISENT | DE_L_ORGANISME | {Role.AGENT}, SANS_RESSORT, marqueur="{demande}"),
    Entree("GET", _DEMANDE, LISENT | DE_L_ORGANISME | {Role.AGENT}, SANS_RESSORT),
    Entree("POST", _DEMANDE + "/validation", GERENT, PERSONNE, corps={"issue": "valider"}),
    Entree("POST", _DEMANDE + "/instruction", INSTRUISENT, frozenset({Role.ADMINISTRATEUR}), corps={"issue": "accepter"}),
    Entree("POST", _DEMANDE + "/retrait", frozenset({Role.AGENT}), PERSONNE, corps={}),
    Entree("GET", "/api/inscriptions/v1/circuit", LISENT, LISENT),
    Entree("PUT", "/api/inscriptions/v1/circuit", REGLENT, REGLENT, corps={"etapes": []}, entetes={"If-Match": '"999"'}),
    _ouverte_a_tous("GET", "/api/inscriptions/v1/avis/{avis}"),
    _ouverte_a_tous("POST", "/api/inscriptions/v1/avis/{avis}", {"sens": "favorable", "commentaire": ""}),
)

_QUI_LISENT_LA_DEMANDE = LISENT | DE_L_ORGANISME | {Role.AGENT}
DOCUMENTS = (
    Entree(
        "GET",
        "/api/documents/v1/documents",
        _QUI_LISENT_LA_DEMANDE,
        SANS_RESSORT,
        requete="inscription_id={demande}",
        marqueur="{document}",
    ),
    Entree("GET", "/api/documents/v1/documents/{document}/contenu", _QUI_LISENT_LA_DEMANDE, SANS_RESSORT),
    Entree("GET", "/api/documents/v1/documents/{document}/version-html", _QUI_LISENT_LA_DEMANDE, SANS_RESSORT),
    _ouverte_a_tous("GET", "/api/documents/v1/verification/{reference}"),
)

NOTIFICATIONS = (
    Entree(
        "GET",
        "/api/notifications/v1/messages",
        _QUI_LISENT_LA_DEMANDE,
        SANS_RESSORT,
        requete="inscription_id={demande}",
        marqueur="onvocation",
    ),
)

MATRICE: dict[str, tuple[Entree, ...]] = {
    "identity": IDENTITY,
    "catalogue": CATALOGUE,
    "inscriptions": INSCRIPTIONS,
    "documents": DOCUMENTS,
    "notifications": NOTIFICATIONS,
}
