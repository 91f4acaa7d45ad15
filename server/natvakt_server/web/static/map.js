// Draws the map of a site with Cytoscape.js: places come from the server, what somebody moved is remembered by this browser.
"use strict";

(function () {
  const place = document.querySelector("[data-map]");
  if (!place) { return; }
  const kept = "natvakt-map " + place.dataset.map;
  const shapes = { device: "round-rectangle", network: "ellipse", neighbour: "rectangle" };
  const colours = { ok: "--ok", warning: "--warning-mark", critical: "--critical", "not-observed": "--unseen", maintenance: "--maintenance" };
  const marks = { ok: "\u25cf ", warning: "\u25b2 ", critical: "\u25c6 ", "not-observed": "\u25cb " };

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function moved() {
    try { return JSON.parse(localStorage.getItem(kept)) || {}; } catch (_) { return {}; }
  }

  function remember(graph) {
    const places = moved();
    graph.nodes().forEach(function (node) { places[node.id()] = node.position(); });
    localStorage.setItem(kept, JSON.stringify(places));
  }

  function style() {
    return [
      { selector: "node", style: {
        shape: function (node) { return shapes[node.data("kind")]; },
        label: function (node) { return (marks[node.data("state")] || "") + node.data("label"); },
        width: 132, height: 34,
        "background-color": token("--surface"), "border-width": 2, color: token("--ink"), "font-size": 12, "font-family": "system-ui",
        "text-valign": "center", "text-wrap": "ellipsis", "text-max-width": 120,
        "border-color": function (node) { return token(colours[node.data("state")] || "--line-strong"); },
        "border-style": function (node) { return node.data("kind") === "neighbour" || node.data("state") === "not-observed" ? "dashed" : "solid"; },
      } },
      { selector: "edge", style: {
        width: 1.5, "line-color": token("--faint"), "curve-style": "bezier", "font-size": 10, "font-family": "system-ui", color: token("--faint"),
        "source-label": "data(near)", "target-label": "data(far)", "source-text-offset": 34, "target-text-offset": 34,
        "text-background-color": token("--ground"), "text-background-opacity": 1, "text-background-padding": 1,
      } },
    ];
  }

  function draw(told) {
    const places = moved();
    const nodes = told.nodes.map(function (node) {
      return { data: node, position: places[node.id] || { x: node.x, y: node.y } };
    });
    const links = told.links.map(function (link, number) { return { data: Object.assign({ id: "link " + number }, link) }; });
    const graph = cytoscape({
      container: place, elements: { nodes: nodes, edges: links }, style: style(), layout: { name: "preset" }, maxZoom: 2, minZoom: 0.2,
    });
    graph.fit(undefined, 24);
    graph.on("free", "node", function () { remember(graph); });
    graph.on("tap", "node", function (event) { if (event.target.data("href")) { location.assign(event.target.data("href")); } });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { graph.style(style()); });
    document.querySelector("[data-map-again]").addEventListener("click", function () {
      localStorage.removeItem(kept);
      told.nodes.forEach(function (node) { graph.getElementById(node.id).position({ x: node.x, y: node.y }); });
      graph.fit(undefined, 24);
    });
    place.dataset.drawn = String(graph.nodes().length);
  }

  fetch(place.dataset.map, { credentials: "same-origin" })
    .then(function (answer) { return answer.json(); })
    .then(draw);
})();
