// Says when the live refresh cannot reach the server, and when it can again. Pages work without this file.
(() => {
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
