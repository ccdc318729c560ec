import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { english } from "../src/texts/english.ts";
import { addTexts, Language, languageFor } from "../src/texts/language.ts";

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("every language says everything, with the same values in it", () => {
  for (const file of readdirSync("texts")) {
    const texts: Record<string, string> = JSON.parse(readFileSync(`texts/${file}`, "utf8"));
    assert.deepEqual(Object.keys(texts), Object.keys(english), file);
    for (const [key, said] of Object.entries(english)) assert.deepEqual(placeholders(texts[key] ?? ""), placeholders(said), `${file} ${key}`);
  }
});

test("a language that a page adds is used, in English where it says nothing", async () => {
  addTexts("it", { send: "Invia" });
  const language = await languageFor("it-IT", "");
  assert.equal(language.say("send"), "Invia");
  assert.equal(language.say("more"), english.more);
  assert.equal(language.locale, "it-IT");
});

test("a tag nobody knows is English, and a wrong one does no harm", async () => {
  for (const tag of ["xx", "not a tag!", ""]) assert.equal((await languageFor(tag, "")).say("send"), "Send");
});

test("times, counts and minutes are the language's own", () => {
  const german = new Language("de", "de", {});
  assert.equal(german.minutes(61), "2 Minuten");
  assert.equal(new Language("ar", "ar", {}).direction, "rtl");
  const now = new Date(2026, 10, 25, 0, 30);
  assert.equal(german.day(new Date(2026, 10, 24, 23, 50).toISOString(), now), "Gestern");
  assert.equal(german.day(new Date(2026, 10, 20).toISOString(), now), "Freitag, 20. November");
  assert.equal(german.bytes(1_500_000), "1,5 MB");
});
