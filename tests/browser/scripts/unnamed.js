// What has no name for those who listen: fields, links, buttons, pictures; and ids that stand twice.
(() => {
  const bad = [], brief = (element) => bad.push(element.outerHTML.slice(0, 80));
  document.querySelectorAll("input:not([type=hidden]),select,textarea").forEach((element) => {
    if (!element.labels.length && !element.ariaLabel && element.ariaHidden !== "true") { brief(element); }
  });
  document.querySelectorAll("a[href],button,summary").forEach((element) => {
    if (!(element.textContent.trim() || element.ariaLabel)) { brief(element); }
  });
  document.querySelectorAll("svg").forEach((element) => {
    if (element.getAttribute("aria-hidden") !== "true" && !element.getAttribute("aria-label") && !element.closest("[role=img]")) { brief(element); }
  });
  if (document.querySelectorAll("h1").length > 1) { bad.push("more than one h1"); }
  if (!document.documentElement.lang) { bad.push("no language"); }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.filter((id, place) => ids.indexOf(id) !== place).forEach((id) => bad.push("twice: " + id));
  return bad;
})();
