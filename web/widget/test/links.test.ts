import assert from "node:assert/strict";
import { test } from "node:test";
import { addressPieces, misleads, safeLink, safePicture } from "../src/links.ts";

const SHOP = "https://shop.example/page?x=1";

test("https, mailto, tel and the website's own pages may be followed", () => {
  assert.equal(safeLink("https://other.example/a", SHOP), "https://other.example/a");
  assert.equal(safeLink("mailto:a@b.example", SHOP), "mailto:a@b.example");
  assert.equal(safeLink("tel:+35391555", SHOP), "tel:+35391555");
  assert.equal(safeLink("/returns", SHOP), "https://shop.example/returns");
  assert.equal(safeLink("/returns", "http://localhost:8000/"), "http://localhost:8000/returns");
});

test("nothing else may", () => {
  const bad = [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "blob:https://shop.example/1",
    "file:///etc/passwd",
    "http://other.example/",
    "https://shop.example@evil.example/",
    "https:\\\\evil.example",
    `https://a.example/${"a".repeat(3000)}`,
  ];
  for (const address of bad) assert.equal(safeLink(address, SHOP), null, address);
});

test("a picture is fetched only from the website, the chat's server and named hosts", () => {
  const picture = (address: string) => safePicture(address, SHOP, "https://desk.example", ["cdn.example"]);
  assert.ok(picture("/a.png") && picture("https://desk.example/a.png") && picture("https://cdn.example/a.png"));
  assert.equal(picture("https://tracker.example/a.gif"), null);
  assert.equal(picture("https://cdn.example.evil.example/a.gif"), null);
  assert.equal(picture("data:image/svg+xml,<svg/>"), null);
});

test("words that name another host than the link are noticed", () => {
  assert.equal(misleads("https://bank.example/login", "https://evil.example/"), true);
  assert.equal(misleads("www.bank.example", "https://bank.example/x"), false);
  assert.equal(misleads("our help page", "https://help.example/"), false);
});

test("an address may end its line after a slash, anything else where its words end", () => {
  assert.deepEqual(addressPieces("https://shop.example/orders/10046"), ["https://shop.example/", "orders/", "10046"]);
  assert.deepEqual(addressPieces("returns and/or refunds"), ["returns and/or refunds"]);
});
