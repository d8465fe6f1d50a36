// SPDX-License-Identifier: Apache-2.0
// What a threshold is worth, from counts alone: no page is needed, so that a test can ask.
"use strict";

// One row of data.steps: hits, false alarms, misses, three figures with the ends of their intervals,
// and creates of a hundred that are alerted, or null.
function figuresAt(data, step, miss, alarm) {
  const [hits, alarms, misses, ...rest] = data.steps[step];
  const precision = hits + alarms > 0 ? hits / (hits + alarms) : 1;
  const recall = hits + misses > 0 ? hits / (hits + misses) : 0;
  const sum = 2 * hits + alarms + misses;
  return {
    threshold: step / (data.steps.length - 1),
    hits, alarms, misses, precision, recall,
    f1: sum > 0 ? 2 * hits / sum : 0,
    cost: miss * misses + alarm * alarms,
    precisionEnds: rest.slice(1, 3),
    recallEnds: rest.slice(4, 6),
    f1Ends: rest.slice(7, 9),
    creates: rest[9],
  };
}

function costsOf(data, miss, alarm) {
  return data.steps.map((unused, step) => figuresAt(data, step, miss, alarm).cost);
}

// The step of least cost; of several the one in the middle of the first run, as in the program.
function cheapestStep(data, miss, alarm) {
  const costs = costsOf(data, miss, alarm);
  const first = costs.indexOf(Math.min(...costs));
  let last = first;
  while (last + 1 < costs.length && costs[last + 1] <= costs[first]) {
    last++;
  }
  return first + Math.floor((last - first) / 2);
}

// Where each weight of a waterfall begins and ends, and the span they all need.
function waterfall(weights) {
  const bars = [];
  let at = 0;
  for (const weight of weights) {
    bars.push({from: at, to: at + weight});
    at += weight;
  }
  const ends = bars.flatMap((bar) => [bar.from, bar.to]);
  return {bars, low: Math.min(0, ...ends), high: Math.max(0, ...ends)};
}

if (typeof module !== "undefined") {
  module.exports = {figuresAt, costsOf, cheapestStep, waterfall};
}
