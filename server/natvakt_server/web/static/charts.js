// Draws the charts of a page with uPlot: one cursor for all, gaps as gaps and hatched, colours from the page's own tokens.
"use strict";

(function () {
  const sync = uPlot.sync("page");
  const drawn = new Map();
  const scaled = { "bit/s": ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"] };

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function writer(unit, language) {
    const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
    return function (value) {
      if (value === null || value === undefined) { return "–"; }
      const names = scaled[unit];
      let size = value, step = 0;
      while (names && Math.abs(size) >= 1000 && step < names.length - 1) { size /= 1000; step += 1; }
      return plain.format(size) + "\u00a0" + (names ? names[step] : unit);
    };
  }

  // Spans in which no line has anything: [[from, to], ...] in seconds.
  function unobserved(data) {
    const seen = [];
    data.lines.forEach(function (line) {
      let from = null, to = null;
      line.times.forEach(function (time, place) {
        if (line.values[place] === null) {
          if (from !== null) { seen.push([from, to]); }
          from = null;
        } else {
          if (from === null) { from = time; }
          to = time;
        }
      });
      if (from !== null) { seen.push([from, to]); }
    });
    seen.sort(function (a, b) { return a[0] - b[0]; });
    const slack = (data.to - data.from) / 60, gaps = [];
    let end = data.from;
    seen.forEach(function (span) {
      if (span[0] - end > slack) { gaps.push([end, span[0]]); }
      end = Math.max(end, span[1]);
    });
    if (data.to - end > slack) { gaps.push([end, data.to]); }
    return gaps;
  }

  function hatch(plot, gaps) {
    const context = plot.ctx, box = plot.bbox, pixels = devicePixelRatio || 1;
    context.save();
    context.strokeStyle = token("--hatch");
    context.lineWidth = pixels;
    gaps.forEach(function (gap) {
      const left = Math.max(box.left, plot.valToPos(gap[0], "x", true));
      const right = Math.min(box.left + box.width, plot.valToPos(gap[1], "x", true));
      if (right - left < 2) { return; }
      context.save();
      context.beginPath();
      context.rect(left, box.top, right - left, box.height);
      context.clip();
      context.beginPath();
      for (let x = left - box.height; x < right; x += 7 * pixels) {
        context.moveTo(x, box.top + box.height);
        context.lineTo(x + box.height, box.top);
      }
      context.stroke();
      context.restore();
    });
    context.restore();
  }

  function markBreaks(plot, breaks) {
    const context = plot.ctx, box = plot.bbox;
    context.save();
    context.strokeStyle = token("--warning-mark");
    context.setLineDash([4, 4]);
    breaks.forEach(function (time) {
      const x = plot.valToPos(time, "x", true);
      context.beginPath();
      context.moveTo(x, box.top);
      context.lineTo(x, box.top + box.height);
      context.stroke();
    });
    context.restore();
  }

  function options(figure, data, width) {
    const write = writer(data.unit, figure.dataset.language), gaps = unobserved(data);
    const axis = { stroke: token("--faint"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    const line = function (each, place) {
      return { label: each.label, stroke: token("--plot-" + (place + 1)), width: 1.5, points: { show: false }, value: function (_, v) { return write(v); } };
    };
    return {
      width: width,
      height: 180,
      tzDate: function (seconds) { return uPlot.tzDate(new Date(seconds * 1000), figure.dataset.zone); },
      fmtDate: function (template) { return uPlot.fmtDate(template.replace("{h}:{mm}{aa}", "{HH}:{mm}").replace("{h}{aa}", "{HH}:00").replace("{M}/{D}/{YY}", "{YYYY}-{MM}-{DD}").replace("{M}/{D}", "{D}/{M}")); },
      cursor: { sync: { key: sync.key }, drag: { x: true, y: false } },
      scales: { x: { min: data.from, max: data.to, range: [data.from, data.to] }, y: { range: function (_, low, high) { return scale(data.unit, low, high); } } },
      axes: [axis, Object.assign({ size: 76, values: function (_, ticks) { return ticks.map(write); } }, axis)],
      series: [{ value: function (_, seconds) { return seconds === null ? "–" : stamp(seconds, figure); } }].concat(data.lines.map(line)),
      hooks: {
        drawClear: [function (plot) { hatch(plot, gaps); }],
        draw: [function (plot) { markBreaks(plot, data.breaks); }],
      },
    };
  }

  function scale(unit, low, high) {
    if (low === null || high === null) { return [0, 1]; }
    if (unit === "%") { return [0, Math.max(100, high)]; }
    if (unit === "°C") { return [Math.min(low, 15), Math.max(high * 1.1, 40)]; }
    return [0, high > 0 ? high * 1.1 : 1];
  }

  function stamp(seconds, figure) {
    return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: figure.dataset.zone }).format(new Date(seconds * 1000));
  }

  function draw(figure, data) {
    const place = figure.querySelector(".plot");
    const before = drawn.get(figure);
    if (before) { before.plot.destroy(); }
    place.replaceChildren();
    if (!data.lines.some(function (line) { return line.values.length > 0; })) {
      const note = document.createElement("p");
      note.className = "none";
      note.textContent = figure.dataset.wordGap;
      place.append(note);
      drawn.delete(figure);
      return;
    }
    const tables = data.lines.map(function (line) { return [line.times, line.values]; });
    // join: null stays a gap, and what another line alone has a time for is spanned
    const joined = uPlot.join(tables, tables.map(function () { return [0, 2]; }));
    drawn.set(figure, { plot: new uPlot(options(figure, data, place.clientWidth), joined, place), data: data });
  }

  function load(figure) {
    fetch(figure.dataset.chart, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .then(function (data) { draw(figure, data); figure.dataset.drawn = "yes"; })
      .catch(function (error) { figure.querySelector(".plot").textContent = String(error.message); figure.dataset.drawn = "failed"; });
  }

  const seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) { seen.unobserve(entry.target); load(entry.target); }
    });
  }, { rootMargin: "400px" });
  document.querySelectorAll("[data-chart]").forEach(function (figure) { seen.observe(figure); });

  const sizes = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      const known = drawn.get(entry.target.closest("[data-chart]"));
      if (known && Math.abs(known.plot.width - entry.contentRect.width) > 1) { known.plot.setSize({ width: entry.contentRect.width, height: 180 }); }
    });
  });
  document.querySelectorAll("[data-chart] .plot").forEach(function (place) { sizes.observe(place); });

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () {
    Array.from(drawn.entries()).forEach(function (entry) { draw(entry[0], entry[1].data); });
  });
})();
