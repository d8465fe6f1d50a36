// SPDX-License-Identifier: Apache-2.0
// The page: text is only ever set as text, so that a name cannot become markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  let language = navigator.language.startsWith("ja") ? "ja" : "en";
  let step = data.chosen;
  let moved = null; // sets the markers of the charts

  function make(name, options = {}, ...children) {
    const svg = ["svg", "g", "path", "line", "text", "rect", "circle", "title"].includes(name);
    const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name)
      : document.createElement(name);
    for (const [key, value] of Object.entries(options)) {
      element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  const text = () => words[language];
  const rate = (value) => value.toFixed(3);
  const prices = () => [Number(at("miss").value) || 0, Number(at("alarm").value) || 0];

  // ---- charts ----

  const WIDTH = 640, HEIGHT = 260, LEFT = 60, BOTTOM = 44, TOP = 14, RIGHT = 84;

  // Values from low to high; what lies below is drawn at the edge.
  function frame(title, low, high, format, xWords, right = RIGHT) {
    const svg = make("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title});
    const x = (share) => LEFT + share * (WIDTH - LEFT - right);
    const y = (value) => HEIGHT - BOTTOM - (Math.max(low, value) - low) / (high - low || 1) * (HEIGHT - BOTTOM - TOP);
    for (let i = 0; i <= 4; i++) {
      const value = low + (high - low) * i / 4;
      svg.append(make("line", {class: "grid", x1: x(0), x2: x(1), y1: y(value), y2: y(value)}),
        make("text", {x: LEFT - 6, y: y(value) + 4, "text-anchor": "end"}, format(value)));
    }
    for (let i = 0; i <= 5; i++) {
      svg.append(make("text", {x: x(i / 5), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle"}, (i / 5).toFixed(1)));
    }
    svg.append(make("path", {class: "axis", d: `M${x(0)} ${TOP}V${y(low)}H${x(1)}`}),
      make("text", {x: x(0.5), y: HEIGHT - 2, "text-anchor": "middle"}, xWords));
    return {svg, x, y};
  }

  function curve(chart, values) {
    return values.map((value, i) =>
      `${i ? "L" : "M"}${chart.x(i / (values.length - 1)).toFixed(1)} ${chart.y(value).toFixed(1)}`).join("");
  }

  function band(chart, low, high) {
    const back = high.map((value, i) => [i, value]).reverse()
      .map(([i, value]) => `L${chart.x(i / (high.length - 1)).toFixed(1)} ${chart.y(value).toFixed(1)}`).join("");
    return curve(chart, low) + back + "Z";
  }

  function marker(chart) {
    const line = make("line", {class: "marker", y1: TOP, y2: HEIGHT - BOTTOM});
    chart.svg.append(line);
    return () => {
      const place = chart.x(step / (data.steps.length - 1));
      line.setAttribute("x1", place);
      line.setAttribute("x2", place);
    };
  }

  function fill(id, chart, title, note) {
    at(id).replaceChildren(make("figcaption", {}, note ? `${title}. ${note}` : title), chart.svg);
  }

  function drawRates() {
    const steps = data.steps.map((unused, i) => figuresAt(data, i, 0, 0));
    // Towards 1 recall always falls to nothing; what comes before is what one chooses from.
    const least = Math.min(...steps.slice(0, 96).flatMap((s) => [s.precision, s.recall]));
    const chart = frame(text().ratesTitle, Math.floor(least * 5) / 5, 1, (v) => v.toFixed(2), text().thresholdAxis);
    for (const name of ["precision", "recall", "f1"]) {
      const ends = steps.map((s) => s[name + "Ends"]);
      chart.svg.append(make("path", {class: `band ${name}`, d: band(chart, ends.map((e) => e[0]), ends.map((e) => e[1]))}));
    }
    const places = [];
    for (const name of ["precision", "recall", "f1"]) {
      chart.svg.append(make("path", {class: name, d: curve(chart, steps.map((s) => s[name]))}));
      places.push([name, chart.y(steps[steps.length - 1][name])]);
    }
    places.sort((a, b) => a[1] - b[1]);
    for (let i = places.length - 2; i >= 0; i--) {
      places[i][1] = Math.min(places[i][1], places[i + 1][1] - 20);
    }
    for (const [name, y] of places) {
      chart.svg.append(make("line", {class: name, x1: WIDTH - RIGHT + 4, x2: WIDTH - RIGHT + 20, y1: y, y2: y}),
        make("text", {x: WIDTH - RIGHT + 24, y: y + 4}, text()[name]));
    }
    fill("rates", chart, text().ratesTitle, data.meta.bootstrap ? text().ratesNote : "");
    return marker(chart);
  }

  function drawCosts() {
    const values = costsOf(data, ...prices());
    const chart = frame(text().costTitle, 0, Math.max(...values), (v) => Number(v.toPrecision(3)).toLocaleString(language),
      text().thresholdAxis);
    chart.svg.append(make("path", {class: "cost", d: curve(chart, values)}));
    fill("costs", chart, text().costTitle, "");
    return marker(chart);
  }

  function drawReliability() {
    const chart = frame(text().reliabilityTitle, 0, 1, (v) => v.toFixed(2), text().told, 12);
    chart.svg.append(make("path", {class: "even", d: `M${chart.x(0)} ${chart.y(0)}L${chart.x(1)} ${chart.y(1)}`}));
    const most = Math.max(...data.bins.map((bin) => bin[0]));
    for (const [count, duplicates, probability] of data.bins) {
      if (count > 0) {
        const dot = make("circle", {class: "dot", cx: chart.x(probability), cy: chart.y(duplicates / count),
          r: 4 + 6 * Math.sqrt(count / most)});
        dot.append(make("title", {}, `${text().told} ${rate(probability)}, ${text().found} ${rate(duplicates / count)}, ${count}`));
        chart.svg.append(dot);
      }
    }
    fill("reliability", chart, text().reliabilityTitle, "");
    at("calibration").textContent = text().error(data.meta.errorBefore.toFixed(4), data.meta.error.toFixed(4));
  }

  // ---- tables ----

  function table(caption, heads, rows) {
    return make("table", {}, make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", {scope: "col"}, head)))),
      make("tbody", {}, ...rows));
  }

  const cells = (first, ...rest) => [make("th", {scope: "row"}, first), ...rest.map((cell) => make("td", {}, String(cell)))];

  function listBins() {
    const rows = data.bins.map(([count, duplicates, probability], i) => make("tr", {}, ...cells(
      `${(i / 10).toFixed(1)} - ${((i + 1) / 10).toFixed(1)}`, count, count ? rate(probability) : "-",
      count ? rate(duplicates / count) : "-")));
    at("bins").replaceChildren(table(text().reliabilityTitle, [text().bin, text().pairs, text().told, text().found], rows));
  }

  function listSteps() {
    const creates = data.steps[0][12] !== null;
    const rows = data.steps.map((unused, i) => {
      const s = figuresAt(data, i, ...prices());
      return make("tr", i === step ? {class: "current"} : {}, ...cells(s.threshold.toFixed(2), s.hits, s.alarms, s.misses, rate(s.precision),
        rate(s.recall), rate(s.f1), Number(s.cost.toPrecision(6)), ...(creates ? [s.creates.toFixed(1)] : [])));
    });
    at("steps").replaceChildren(table(text().allThresholds, [text().threshold, text().hits, text().falseAlarms,
      text().missed, text().precision, text().recall, text().f1, text().cost, ...(creates ? [text().creates] : [])], rows));
  }

  function listWeights() {
    const most = Math.max(1, ...data.weights.flatMap((row) => [Math.abs(row[2]), Math.abs(row[3])]));
    const signed = (value) => (value > 0 ? "+" : "") + value.toFixed(1);
    const rows = data.weights.map(([field, level, before, after, yes, no]) => {
      const half = 40 * Math.abs(after) / most;
      const bar = make("svg", {viewBox: "0 0 80 8", width: 80, height: 8, "aria-hidden": "true"},
        make("rect", {class: after < 0 ? "minus" : "plus", x: after < 0 ? 40 - half : 40, y: 0, width: half, height: 8}));
      bar.style.width = "80px";
      return make("tr", {}, ...cells(field), make("td", {class: "words"}, level), make("td", {}, signed(before)),
        make("td", {}, signed(after)), make("td", {}, bar), make("td", {}, Math.round(yes)), make("td", {}, Math.round(no)));
    });
    at("weights").replaceChildren(table(text().weights, [text().field, text().level, text().before, text().after, text().weight,
      text().duplicates, text().others], rows));
  }

  // ---- the worst ----

  function fall(bar, span) {
    const scale = 100 / (span.high - span.low || 1);
    const left = (Math.min(bar.from, bar.to) - span.low) * scale;
    const zero = (0 - span.low) * scale;
    const svg = make("svg", {viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true"});
    svg.append(make("line", {class: "axis", x1: zero, x2: zero, y1: 0, y2: 10}),
      make("rect", {class: bar.to < bar.from ? "minus" : "plus", x: left, y: 1,
        width: Math.max(0.5, Math.abs(bar.to - bar.from) * scale), height: 8}));
    return svg;
  }

  function explained(one) {
    const fields = one[language].fields;
    const span = waterfall(fields.map((field) => field.weight));
    const row = (what, weight, bar) => make("tr", {}, make("th", {scope: "row"}, what),
      make("td", {}, (weight > 0 ? "+" : "") + weight.toFixed(1)), make("td", {class: "fall"}, fall(bar, span)));
    const rows = fields.map((field, i) => {
      const values = field.a === field.b ? field.a : [field.a || "-", field.b || "-"].join(" / ");
      return row(field.text + (values ? ": " + values : ""), field.weight, span.bars[i]);
    });
    const sum = fields.reduce((total, field) => total + field.weight, 0);
    rows.push(row(text().sum, sum, {from: 0, to: sum}));
    const list = make("table", {class: "waterfall"}, make("thead", {}, make("tr", {},
      make("th", {scope: "col"}, text().field), make("th", {scope: "col"}, text().weight),
      make("th", {scope: "col", class: "fall"}, ""))), make("tbody", {}, ...rows));
    const head = make("summary", {}, `${text().line} ${one.line}: ${(one.probability * 100).toFixed(1)} %, ` +
      (text().labels[one.label] || one.label));
    for (const record of [one.a, one.b]) {
      head.append(make("span", {class: "pair"}, [record.company, record.deal].filter(Boolean).join(" | ")));
    }
    return make("details", {}, head, list);
  }

  function listWorst(id) {
    at(id).replaceChildren(...(data[id].length ? data[id].map(explained) : [make("p", {}, text().none)]));
  }

  // ---- the threshold ----

  function show() {
    const s = figuresAt(data, step, ...prices());
    const ends = (both) => `${rate(both[0])} - ${rate(both[1])}`;
    const tiles = [["precision", rate(s.precision), ends(s.precisionEnds)], ["recall", rate(s.recall), ends(s.recallEnds)],
      ["f1", rate(s.f1), ends(s.f1Ends)], ["hits", s.hits], ["falseAlarms", s.alarms], ["missed", s.misses],
      ["cost", Number(s.cost.toPrecision(6)).toLocaleString(language)]];
    if (s.creates !== null) {
      tiles.push(["creates", s.creates.toFixed(1)]);
    }
    at("figures").replaceChildren(...tiles.map(([name, value, small]) => make("div", {"data-figure": name},
      make("dt", {}, text()[name]), make("dd", {}, make("span", {}, String(value)), ...(small && data.meta.bootstrap ? [make("small", {}, small)] : [])))));
    at("threshold").value = step;
    at("threshold-value").textContent = s.threshold.toFixed(2);
    at("threshold").setAttribute("aria-valuetext", s.threshold.toFixed(2));
    moved();
  }

  function priced() {
    const costs = drawCosts();
    const rates = moved.rates;
    moved = () => { rates(); costs(); };
    moved.rates = rates;
    listSteps();
    show();
  }

  function draw() {
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-text]")) {
      element.textContent = text()[element.dataset.text];
    }
    document.title = "kaburi-bench tune: " + text().title;
    at("language").textContent = text().other;
    at("language").lang = language === "ja" ? "en" : "ja";
    at("summary").textContent = text().summary(data.meta);
    listWeights();
    const measured = data.steps.length > 0;
    for (const id of ["threshold-section", "reliability-section", "alarms-section", "misses-section"]) {
      at(id).hidden = !measured;
    }
    if (measured) {
      moved = () => {};
      moved.rates = drawRates();
      priced();
      drawReliability();
      listBins();
      listWorst("alarms");
      listWorst("misses");
    }
  }

  at("miss").value = data.miss;
  at("alarm").value = data.alarm;
  at("threshold").addEventListener("input", (event) => {
    step = Number(event.target.value);
    show();
  });
  at("threshold").addEventListener("change", listSteps);
  for (const id of ["miss", "alarm"]) {
    at(id).addEventListener("input", priced);
  }
  at("cheapest").addEventListener("click", () => {
    step = cheapestStep(data, ...prices());
    listSteps();
    show();
  });
  at("language").addEventListener("click", () => {
    language = language === "ja" ? "en" : "ja";
    draw();
  });
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) {
      details.open = true;
    }
  });
  draw();
})();
