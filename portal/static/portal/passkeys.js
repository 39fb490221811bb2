// Passkeys (WebAuthn): the one thing about log-in that a browser can't do without JavaScript.
const form = document.querySelector("[data-passkey]");
if (form && window.PublicKeyCredential) {
  const button = form.querySelector("button[type=button]");
  button.hidden = false;
  document.querySelector("[data-needs-script]").hidden = true;
  button.addEventListener("click", async () => {
    try {
      form.elements.credential.value = JSON.stringify(await ask(form, form.dataset.passkey));
      form.submit();
    } catch {
      document.querySelector("[data-failed]").hidden = false;
    }
  });
}

/** Let the browser make or show a passkey and return its answer as JSON. */
async function ask(form, kind) {
  const { publicKey } = await options(form, kind);
  publicKey.challenge = bytes(publicKey.challenge);
  for (const each of [...(publicKey.allowCredentials ?? []), ...(publicKey.excludeCredentials ?? [])]) each.id = bytes(each.id);
  if (kind !== "add") return answer(await navigator.credentials.get({ publicKey }));
  publicKey.user.id = bytes(publicKey.user.id);
  const alone = form.elements.passwordless.checked;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  return answer(await navigator.credentials.create({ publicKey }));
}

async function options(form, kind) {
  if (kind !== "log-in") {
    const data = JSON.parse(document.getElementById("passkey-options").textContent);
    return data.creation_options ?? data.request_options;
  }
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()).request_options;
}

function answer(made) {
  const { response } = made;
  const found = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) found[name] = text(response[name]);
  if (response.getTransports) found.transports = response.getTransports();
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: found,
    clientExtensionResults: made.getClientExtensionResults(),
  };
}

function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
