// Passkeys: asks the browser for one, puts its answer in the form and sends it. Buttons stay hidden where there are none.
(() => {
  if (!window.PublicKeyCredential) return;

  const octets = (texte) => Uint8Array.from(atob(texte.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const texte = (tampon) =>
    btoa(String.fromCharCode(...new Uint8Array(tampon))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const lisible = (options) => {
    const identifiants = (cles) => cles?.map((cle) => ({ ...cle, id: octets(cle.id) }));
    return {
      ...options,
      challenge: octets(options.challenge),
      ...(options.user && { user: { ...options.user, id: octets(options.user.id) } }),
      ...(options.allowCredentials && { allowCredentials: identifiants(options.allowCredentials) }),
      ...(options.excludeCredentials && { excludeCredentials: identifiants(options.excludeCredentials) }),
    };
  };

  const reponse = (cle) => {
    const dite = { clientDataJSON: texte(cle.response.clientDataJSON) };
    for (const nom of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (cle.response[nom]) dite[nom] = texte(cle.response[nom]);
    }
    return { id: cle.id, rawId: texte(cle.rawId), type: cle.type, response: dite, clientExtensionResults: {} };
  };

  const demander = async (bouton) => {
    const formulaire = bouton.form;
    const question = await fetch(bouton.dataset.epreuve, { method: "POST", body: new URLSearchParams(new FormData(formulaire)) });
    if (!question.ok) throw new Error(question.statusText);
    const { id, options } = await question.json();
    const publicKey = lisible(options);
    const cle = await (bouton.dataset.cle === "creer" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    formulaire.elements.epreuve.value = id;
    formulaire.elements.cle.value = JSON.stringify(reponse(cle));
    formulaire.submit();
  };

  for (const bouton of document.querySelectorAll("[data-cle]")) {
    const erreur = bouton.form.querySelector("[data-cle-erreur]");
    bouton.hidden = false;
    bouton.addEventListener("click", async () => {
      erreur.textContent = "";
      try {
        await demander(bouton);
      } catch {
        erreur.textContent = "La clé d’accès n’a pas répondu. Réessayez, ou employez un autre moyen.";
      }
    });
  }
})();
