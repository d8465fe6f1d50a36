// SPDX-License-Identifier: Apache-2.0
// What the report's page counts, without a page: node test_figures.js FIGURES_JS SWEEP_TSV PAGE_HTML MISS ALARM CHOSEN
"use strict";
const assert = require("assert");
const fs = require("fs");

const [figures, sweep, page, miss, alarm, chosen] = process.argv.slice(2);
const {figuresAt, costsOf, cheapestStep, waterfall} = require(figures);

const json = fs.readFileSync(page, "utf8").split('id="data">')[1].split("</script>")[0];
const data = JSON.parse(json);
const [head, ...lines] = fs.readFileSync(sweep, "utf8").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
const column = (row, name) => Number(row[head.indexOf(name)]);
const near = (a, b) => assert.ok(Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a)), `${a} ${b}`);

assert.strictEqual(lines.length, 101);
lines.forEach((row, step) => {
  const s = figuresAt(data, step, Number(miss), Number(alarm));
  for (const name of ["threshold", "hits", "misses", "precision", "recall", "f1", "cost"]) {
    near(s[name], column(row, name));
  }
  near(s.alarms, column(row, "false_alarms"));
  for (const name of ["precision", "recall", "f1"]) {
    near(s[name + "Ends"][0], column(row, name + "_low"));
    near(s[name + "Ends"][1], column(row, name + "_high"));
  }
  assert.strictEqual(s.creates === null, row[head.indexOf("alerts_per_100")] === "");
});
assert.strictEqual(cheapestStep(data, Number(miss), Number(alarm)), Number(chosen));
assert.strictEqual(data.chosen, Number(chosen));
const costs = costsOf(data, 0, 1);
assert.strictEqual(costs[cheapestStep(data, 0, 1)], Math.min(...costs));

const fall = waterfall([3, -5, 1]);
assert.deepStrictEqual(fall.bars, [{from: 0, to: 3}, {from: 3, to: -2}, {from: -2, to: -1}]);
assert.deepStrictEqual([fall.low, fall.high], [-2, 3]);
assert.deepStrictEqual(waterfall([]), {bars: [], low: 0, high: 0});
console.log("ok");
