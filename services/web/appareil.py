"""The device someone logs in from, in words he recognises."""

NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is found: most of them say that they are Chrome and Safari too."""

SYSTEMES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def appareil(user_agent: str) -> str:
    """« Firefox sous Windows », from what the browser says of itself."""
    navigateur = next((nom for signe, nom in NAVIGATEURS if signe in user_agent), "Navigateur inconnu")
    systeme = next((nom for signe, nom in SYSTEMES if signe in user_agent), "")
    if not systeme:
        return navigateur
    return f"{navigateur} {'sur' if systeme in {'iPhone', 'iPad'} else 'sous'} {systeme}"
