// Passkeys: a form tells in JSON what the browser is to ask a key for, and carries the key's answer as JSON.
(function () {
  "use strict";
  if (!window.PublicKeyCredential) { return; }

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    const plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function keys(list) {
    return (list || []).map(function (key) { return Object.assign({}, key, { id: bytes(key.id) }); });
  }

  function asked(options) {
    const made = Object.assign({}, options, { challenge: bytes(options.challenge) });
    if (options.user) { made.user = Object.assign({}, options.user, { id: bytes(options.user.id) }); }
    if (options.excludeCredentials) { made.excludeCredentials = keys(options.excludeCredentials); }
    if (options.allowCredentials) { made.allowCredentials = keys(options.allowCredentials); }
    return made;
  }

  function told(credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) { response[name] = text(credential.response[name]); }
    });
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response, clientExtensionResults: {} };
  }

  function serve(form, options, ask) {
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      const answer = form.elements.answer;
      if (answer.value) { return; }
      event.preventDefault();
      const problem = form.querySelector(".problem");
      problem.hidden = true;
      ask({ publicKey: asked(options) }).then(function (credential) {
        answer.value = JSON.stringify(told(credential));
        form.submit();
      }).catch(function () { problem.hidden = false; });
    });
  }

  document.querySelectorAll("[data-passkey-question]").forEach(function (form) {
    serve(form, JSON.parse(form.dataset.passkeyQuestion), function (asking) { return navigator.credentials.get(asking); });
  });
  document.querySelectorAll("[data-passkey-registration]").forEach(function (form) {
    serve(form, JSON.parse(form.dataset.passkeyRegistration), function (asking) { return navigator.credentials.create(asking); });
  });
})();
