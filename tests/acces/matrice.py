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
ADMINISTRENT = frozenset({Role.ADMINISTRATEUR})
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

_MOI = _I + "/moi/second-facteur"
_MOT_DE_PASSE = {"mot_de_passe": "inconnu"}
# The people of the matrix hold a token but no account: one's own factors are nobody's, whoever asks.
SECOND_FACTEUR = (
    _ouverte_a_tous("POST", _I + "/sessions/second-facteur/epreuve", {"defi": "inconnu"}),
    _ouverte_a_tous("POST", _I + "/sessions/second-facteur", {"defi": "inconnu", "code": "000000"}),
    _ouverte_a_tous("POST", _I + "/sessions/cle/epreuve"),
    _ouverte_a_tous("POST", _I + "/sessions/cle", {"epreuve": "{document}", "cle": {}}),
    Entree("GET", _MOI, TOUS, TOUS),
    Entree("PUT", _MOI + "/totp", PERSONNE, PERSONNE),
    Entree("POST", _MOI + "/totp/activation", PERSONNE, PERSONNE, corps={"code": "000000"}),
    Entree("POST", _MOI + "/totp/retrait", PERSONNE, PERSONNE, corps=_MOT_DE_PASSE),
    Entree("POST", _MOI + "/codes-de-secours", PERSONNE, PERSONNE, corps=_MOT_DE_PASSE),
    Entree("POST", _MOI + "/cles/epreuve", PERSONNE, PERSONNE),
    Entree("POST", _MOI + "/cles", PERSONNE, PERSONNE, corps={"epreuve": "{document}", "nom": "Clé", "cle": {}}),
    Entree("POST", _MOI + "/cles/{document}/retrait", PERSONNE, PERSONNE, corps=_MOT_DE_PASSE),
    Entree("GET", _I + "/collectivites/{collectivite}/second-facteur", REGLENT, PERSONNE),
    Entree("PUT", _I + "/collectivites/{collectivite}/second-facteur", REGLENT, PERSONNE, corps={"exige": False}),
    Entree("GET", _I + "/structures/second-facteur", ADMINISTRENT, ADMINISTRENT),
    Entree("POST", _I + "/comptes/secours", ADMINISTRENT, ADMINISTRENT, corps={"identifiant": "inconnu", "motif": "x"}),
    Entree("PUT", _I + "/structures/{structure}/second-facteur", ADMINISTRENT, ADMINISTRENT, corps={"exige": False}),
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
    Entree("GET", _OUVERTURE + "/lettre", INSTRUISENT, frozenset({Role.ADMINISTRATEUR})),
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

_AGENT, _SERVICE = _I + "/agents/{agent}", _I + "/services/{service}"
_LU = {"If-Match": '"jamais lu"'}
_FIN_AVANT_DEBUT = {"remplace_id": "{agent}", "interimaire_id": "{agent}", "debut": "2099-02-01", "fin": "2099-01-01"}
_VOIENT_LES_BESOINS = GERENT | {Role.AGENT}
_AGENTS_SEULS = frozenset({Role.AGENT})
FICHES = (
    # Incomplete, read by nobody, handed to himself: who may write is told so, and nothing is written.
    Entree("POST", _I + "/agents", TIENNENT_LES_AGENTS, TIENNENT_LES_AGENTS, corps={}),
    Entree("PUT", _AGENT, TIENNENT_LES_AGENTS, PERSONNE, corps={}, entetes=_LU),
    Entree("POST", _AGENT + "/depart", TIENNENT_LES_AGENTS, PERSONNE, corps={"le": "2099-01-01", "motif": "x", "successeur_id": "{agent}"}),
    Entree("POST", _AGENT + "/retour", TIENNENT_LES_AGENTS, PERSONNE),
    Entree("POST", _AGENT + "/acces", TIENNENT_LES_AGENTS, PERSONNE),
    Entree("GET", _AGENT + "/changements", LISENT, PERSONNE),
    Entree("GET", _AGENT + "/amenagement", _VOIENT_LES_BESOINS, PERSONNE),
    Entree("PUT", _AGENT + "/amenagement", _VOIENT_LES_BESOINS, PERSONNE, corps={"besoin": ""}),
    Entree("GET", _I + "/services", LISENT, PERSONNE, marqueur="{service}"),
    Entree("POST", _I + "/services", TIENNENT_LES_AGENTS, TIENNENT_LES_AGENTS, corps={"code": "", "nom": ""}),
    Entree("GET", _SERVICE, LISENT, PERSONNE),
    Entree("PUT", _SERVICE, TIENNENT_LES_AGENTS, PERSONNE, corps={"code": "X", "nom": "X"}, entetes=_LU),
    # Agents work in it: it is not deleted.
    Entree("DELETE", _SERVICE, TIENNENT_LES_AGENTS, PERSONNE),
    Entree("GET", _SERVICE + "/changements", LISENT, PERSONNE),
    Entree("GET", _I + "/interims", LISENT, PERSONNE, marqueur="{interim}"),
    Entree("POST", _I + "/interims", TIENNENT_LES_AGENTS, TIENNENT_LES_AGENTS, corps=_FIN_AVANT_DEBUT),
    Entree("POST", _I + "/interims/{interim}/annulation", TIENNENT_LES_AGENTS, PERSONNE),
)

PERSONNES = (
    Entree("GET", _I + "/moi/dossier", _AGENTS_SEULS, PERSONNE, marqueur="{agent}"),
    Entree("GET", _I + "/moi/dossier/export", _AGENTS_SEULS, PERSONNE, marqueur="{agent}"),
    # No record of another is ever one's own.
    Entree("POST", _I + "/moi/dossier/emplois/{document}", PERSONNE, PERSONNE),
    Entree("POST", _I + "/moi/dossier/corrections", _AGENTS_SEULS, _AGENTS_SEULS, corps={"champ": "actif", "valeur": "non"}),
    Entree("GET", _I + "/corrections", TIENNENT_LES_AGENTS, PERSONNE, marqueur="{correction}"),
    # A refusal without a word is sent back, and the request stays to be answered.
    Entree("POST", _I + "/corrections/{correction}", TIENNENT_LES_AGENTS, PERSONNE, corps={"faite": False}),
)

IDENTITE = {
    "adresse": "1 place de la Mairie",
    "code_postal": "35950",
    "ville": "Rochebrune",
    "email": "mairie@rochebrune.example",
    "effectif": 200,
    "autorite_nom": "Jeanne Simon",
    "autorite_qualite": "maire",
}
PERSONNE_INVITEE = {"prenom": "Anne", "nom": "Le Bihan", "email": "anne.lebihan@rochebrune.example"}
_C = _I + "/collectivite"
_GESTIONNAIRE = _C + "/gestionnaires/{gestionnaire}"
PARAMETRES = (
    # Read by nobody, without a name, without a motif, not to be skipped back: who may write is told so, and nothing is written.
    Entree("GET", _C + "/identite", LISENT, PERSONNE, marqueur="Rochebrune"),
    Entree("PUT", _C + "/identite", REGLENT, REGLENT, corps=IDENTITE, entetes=_LU),
    Entree("GET", _C + "/preinscription", LISENT, LISENT),
    Entree("PUT", _C + "/preinscription", REGLENT, REGLENT, corps={"preinscription_agents": True}, entetes=_LU),
    Entree("GET", _C + "/copies", LISENT, LISENT),
    Entree("PUT", _C + "/copies", REGLENT, REGLENT, corps={"copies": []}, entetes=_LU),
    Entree("GET", _C + "/transferts", LISENT, LISENT),
    Entree("PUT", _C + "/transferts", REGLENT, REGLENT, corps={"gabarits": []}, entetes=_LU),
    Entree("GET", _C + "/historique", LISENT, PERSONNE, marqueur="{gestionnaire_nom}"),
    Entree("GET", _C + "/demarrage", LISENT, LISENT),
    Entree("PUT", _C + "/demarrage/{etape}", REGLENT, REGLENT, corps={"etat": "a_faire"}),
    Entree("GET", _C + "/gestionnaires", LISENT, PERSONNE, marqueur="{gestionnaire}"),
    Entree("POST", _C + "/gestionnaires", REGLENT, REGLENT, corps={**PERSONNE_INVITEE, "role": "conseiller"}),
    Entree("GET", _GESTIONNAIRE, LISENT, PERSONNE),
    Entree("PUT", _GESTIONNAIRE, REGLENT, PERSONNE, corps={"role": "lecture"}, entetes=_LU),
    Entree("POST", _GESTIONNAIRE + "/invitation", REGLENT, PERSONNE),
    # He has none: who may take it away is told so.
    Entree("POST", _GESTIONNAIRE + "/second-facteur/retrait", REGLENT, PERSONNE, corps={"motif": "x"}),
    Entree("POST", _GESTIONNAIRE + "/fin", REGLENT, PERSONNE, corps={"motif": "x", "repreneur_id": "{gestionnaire}"}),
)

_A_PERSONNE = {"siret": "35600000000048", "cote": "mandant", "debut": "2100-01-01", "portee": ["demandes"]}
_MANDAT = _I + "/mandats/{mandat}"
MANDATS = (
    Entree("GET", _I + "/moi/appartenances", TOUS, TOUS),
    _ouverte_a_tous("POST", _I + "/sessions/bascule", {"refresh_token": "inconnu", "vers": "{collectivite}"}),
    Entree("GET", _I + "/mandats", LISENT | DE_L_ORGANISME, SANS_RESSORT, marqueur="{mandat}"),
    # Of a SIRET that nobody has: who may propose is told so, and nothing is proposed.
    Entree("POST", _I + "/mandats", REGLENT, REGLENT, corps=_A_PERSONNE),
    Entree("GET", _I + "/mandats/collectivites", REGLENT, REGLENT, requete="q=Kermelen", marqueur="Ville de Kermelen"),
    Entree("GET", _MANDAT, LISENT | DE_L_ORGANISME, SANS_RESSORT),
    # Refused to who has proposed it: he may decide, and does not change it.
    Entree("POST", _MANDAT + "/decision", REGLENT, PERSONNE, corps={"acte": "accepter"}),
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
    Entree("GET", "/api/identity/v1/collectivites/{collectivite}/situation", DE_LA_COLLECTIVITE | DE_L_ORGANISME, SANS_RESSORT),
    # It works already: who may change its state is told so, and nothing changes.
    Entree(
        "POST",
        "/api/identity/v1/collectivites/{collectivite}/etat",
        INSTRUISENT,
        frozenset({Role.ADMINISTRATEUR}),
        corps={"etat": "operationnelle", "motif": "Rien n’a changé."},
    ),
    Entree("GET", "/api/identity/v1/agents", LISENT, PERSONNE, requete="q=Claire", marqueur="{agent}"),
    Entree("GET", "/api/identity/v1/agents/{agent}", LISENT | {Role.AGENT}, PERSONNE),
    *COMPTES,
    *SECOND_FACTEUR,
    *IDENTIFIANTS,
    *OUVERTURES,
    *IMPORTS,
    *FICHES,
    *PERSONNES,
    *PARAMETRES,
    *MANDATS,
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
    Entree(
        "PUT",
        "/api/catalogue/v1/sessions/{session}/accueil",
        INSTRUISENT,
        ADMINISTRENT,
        corps={
            "effectif_attendu": 12,
            "effectif_minimum": 6,
            "mode_admission": "sur_selection",
            "liste_attente": True,
            "motif": "Une salle plus grande.",
        },
        entetes={"If-Match": '"999"'},
    ),
    Entree("GET", "/api/catalogue/v1/sessions/{session}/changements", DE_L_ORGANISME, SANS_RESSORT),
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
    Entree(
        "POST",
        "/api/inscriptions/v1/inscriptions/collectives",
        GERENT,
        PERSONNE,
        corps={"session_id": "{session}", "agents": ["{agent}"], "motif": "Mise en œuvre du nouveau logiciel.", "essai": True},
    ),
    Entree("GET", "/api/inscriptions/v1/sessions/{session}/candidats", GERENT, PERSONNE, marqueur="{agent}"),
    Entree("GET", "/api/inscriptions/v1/sessions/{session}/mouvements", LISENT | DE_L_ORGANISME | {Role.AGENT}, SANS_RESSORT),
    Entree("GET", "/api/inscriptions/v1/circuit", LISENT, LISENT),
    Entree("GET", "/api/inscriptions/v1/circuit/versions", LISENT, LISENT),
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
