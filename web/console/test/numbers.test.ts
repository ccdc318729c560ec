import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, dayOf, EMPTY } from "../src/pages/knowledge/words.ts";
import { changeWords, formulaWords, isMet, moneyWords, periodOf, valueWords } from "../src/pages/numbers/words.ts";
import { drawn } from "../src/parts/chart.tsx";

test("values are said in their unit", () => {
  assert.equal(valueWords(0.7126, { unit: "share" }), "71.3 %");
  assert.equal(valueWords(null, { unit: "share" }), "–");
  assert.equal(valueWords(142.4, { unit: "seconds" }), "2 min 22 s");
  assert.equal(valueWords(59.6, { unit: "seconds" }), "60 s");
  assert.equal(valueWords(7199, { unit: "seconds" }), "2 h 0 min");
  assert.match(moneyWords(1250, "EUR"), /12\.50/);
  assert.match(moneyWords(1250, "JPY"), /1,250/);
});

test("a formula is told in words", () => {
  assert.equal(formulaWords("resolved_by_bot * minutes_per_conversation / 60 - days"), "resolved by bot × minutes per conversation ÷ 60 − days");
});

test("a change is told in points, percent or the unit", () => {
  assert.equal(changeWords({ value: 0.7, previous: 0.65, unit: "share" }), "up 5 points");
  assert.equal(changeWords({ value: 90, previous: 100, unit: "count" }), "down 10 %");
  assert.equal(changeWords({ value: 5, previous: 0, unit: "count" }), "up 5");
  assert.equal(changeWords({ value: 1, previous: null, unit: "count" }), null);
  assert.equal(changeWords({ value: 1, previous: 1, unit: "count" }), "as before");
});

test("a target is met above or below it, not at it", () => {
  assert.equal(isMet(0.7, { op: ">", value: 0.7 }), false);
  assert.equal(isMet(0.19, { op: "<", value: 0.2 }), true);
});

test("a period is so many calendar days with today, or the chosen ones", () => {
  const now = new Date(2026, 2, 3, 23, 59);
  assert.deepEqual(periodOf(new URLSearchParams("days=7"), now), { from: "2026-02-25", to: "2026-03-03", days: "7" });
  assert.deepEqual(periodOf(new URLSearchParams("days=6"), now).days, "28");
  assert.deepEqual(periodOf(new URLSearchParams("from=2026-01-01&to=2026-01-02&days=7"), now), { from: "2026-01-01", to: "2026-01-02", days: "" });
});

test("a line has a gap where there is no value, and its target is inside", () => {
  const day = (value: number | null) => ({ at: "2026-01-01", value });
  const line = drawn([day(1), day(2), day(null), day(3)], 6, true);
  assert.equal(line.lines.length, 2);
  assert.ok(line.target !== null && line.target >= 0 && line.target <= 56);
  assert.deepEqual(drawn([day(null)], 6, true), { lines: [], target: null, last: null });
  assert.ok(drawn([day(2), day(2)], null, false).lines.every((path) => !path.includes("NaN")));
});

test("only what was changed of an entry is sent; a moment is not rounded by the way", () => {
  const before = { ...EMPTY, title: "Lids", valid_from: dayOf("2026-01-05T12:30:00Z") };
  assert.equal(before.valid_from, "2026-01-05");
  assert.deepEqual(bodyOf({ ...before, questions: " a \n\n b" }, before), { questions: ["a", "b"] });
  assert.deepEqual(bodyOf({ ...before, valid_from: "" }, before), { valid_from: null });
  assert.equal(bodyOf(before, null)["category"], "general");
});
