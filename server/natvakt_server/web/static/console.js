// Small comforts; every page works without them. No inline script, no request to any other host.
"use strict";

(function () {
  // The server writes times in the viewer's zone once it knows it.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && /^[A-Za-z0-9_+\/-]+$/.test(zone)) {
    document.cookie = "natvakt-zone=" + zone + "; Path=/; Max-Age=31536000; Secure; SameSite=Strict";
  }

  const find = document.querySelector("[data-hotkey]");
  document.addEventListener("keydown", function (event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    const wanted = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
    if (find && wanted) {
      event.preventDefault();
      find.focus();
      find.select();
    }
    if (event.key === "Escape" && event.target === find) {
      find.value = "";
      document.getElementById("found").replaceChildren();
      find.blur();
    }
  });

  // Arrow keys walk through what was found.
  const form = find && find.form;
  if (form) {
    form.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
      const stops = [find, ...form.querySelectorAll("#found a")];
      const place = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (stops[place]) {
        event.preventDefault();
        stops[place].focus();
      }
    });
  }

  // A link to something folded opens it.
  function unfold() {
    const meant = location.hash && document.getElementById(location.hash.slice(1));
    if (meant && meant.tagName === "DETAILS") { meant.open = true; }
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  // An open sheet closes when something else is meant.
  document.addEventListener("click", function (event) {
    document.querySelectorAll(".person[open]").forEach(function (sheet) {
      if (!sheet.contains(event.target)) { sheet.removeAttribute("open"); }
    });
  });
})();
