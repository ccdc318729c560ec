import assert from "node:assert/strict";
import { test } from "node:test";
import { chipWords, filtersOf, NO_FACETS, queryOf, savedFilters, searchOf } from "../src/pages/reviews/filters.ts";
import { placed, placeOf, wordsAt } from "../src/pages/reviews/spans.ts";

test("filters come from the address, unknown ones do not", () => {
  const filters = filtersOf(new URLSearchParams("q=lid&state=unread&sort=worth&evil=1&tag="));
  assert.deepEqual(filters, { q: "lid", state: "unread" });
  assert.deepEqual(searchOf(filters, "worth"), { q: "lid", state: "unread", sort: "worth" });
  assert.deepEqual(searchOf({ q: "", tag: "vip" }, "newest"), { tag: "vip" });
});

test("a filter is saved with numbers and booleans as such, and read again", () => {
  const query = queryOf({ fallback: "true", flagged: "false", rating_max: "2", sentiment_max: "-0.2", intent: "complaint" });
  assert.deepEqual(query, { sentiment_max: -0.2, fallback: true, rating_max: 2, intent: "complaint", flagged: false });
  const again = savedFilters({ id: "f", name: "x", shared: false, query });
  assert.deepEqual(again, { sentiment_max: "-0.2", fallback: "true", rating_max: "2", intent: "complaint", flagged: "false" });
});

test("a chip says what holds in words", () => {
  assert.equal(chipWords("sentiment_max", "-0.2", NO_FACETS), "Mood: Unhappy or angry");
  assert.equal(chipWords("flagged", "false", NO_FACETS), "Not: flagged");
  assert.equal(chipWords("rating_max", "2", NO_FACETS), "Rating up to: 2");
  assert.equal(chipWords("intent", "gone_since", NO_FACETS), "Intent: gone_since");
});

test("places in a message count characters as Python does", () => {
  const text = "😀 my order A-1 and order A-1";
  assert.deepEqual(placeOf(text, "a-1"), { start: 11, end: 14 });
  assert.equal(wordsAt(text, 11, 14), "A-1");
  const taken = [{ entity: "order_number", value: "A-1", start: 11, end: 14 }];
  assert.deepEqual(placeOf(text, "A-1", taken), { start: 25, end: 28 });
  assert.equal(placeOf(text, "A-2"), null);
  assert.equal(placeOf(text, " "), null);
});

test("an entity without a place gets that of its value, one that is not in the message goes", () => {
  const spans = placed("from A-1 to A-1", [{ entity: "a", value: "A-1" }, { entity: "b", value: "A-1" }, { entity: "c", value: "B" }]);
  assert.deepEqual(spans.map((one) => [one.entity, one.start]), [["a", 5], ["b", 12]]);
});
