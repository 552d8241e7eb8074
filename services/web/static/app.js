// Says what was done once, and when the live refresh cannot reach the server. Pages work without this file.
(() => {
  // « Votre préinscription est enregistrée » is said once: not again when the page is reloaded or kept as a bookmark.
  const adresse = new URL(location.href);
  for (const nom of ["depot", "fait", "enregistre"]) adresse.searchParams.delete(nom);
  if (adresse.href !== location.href) history.replaceState(history.state, "", adresse);

  let coupee = false;
  const dire = (texte) => {
    const annonce = document.getElementById("annonce");
    if (annonce) annonce.textContent = texte;
  };
  document.addEventListener("htmx:sendError", (event) => {
    document.documentElement.classList.add("hors-ligne");
    if (event.detail.requestConfig.verb !== "get") dire("L’envoi n’a pas abouti. Votre texte est conservé\u00a0: réessayez.");
    else if (!coupee) dire("La connexion au service est interrompue.");
    coupee = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!coupee || !event.detail.successful) return;
    coupee = false;
    document.documentElement.classList.remove("hors-ligne");
    dire("La connexion au service est rétablie.");
  });
})();
