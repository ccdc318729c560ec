import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../src/api/client.ts";
import { isType, Refused, Unreachable } from "../src/api/errors.ts";

type Step = Response | Error;

function scripted(...steps: Step[]) {
  const sent: { address: string; init: RequestInit }[] = [];
  const pauses: number[] = [];
  let signedOut = 0;
  const api = new Api({
    fetch: (address, init) => {
      sent.push({ address: String(address), init: init ?? {} });
      const step = steps.shift() ?? new Error("nothing scripted");
      return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
    },
    wait: async (pause) => void pauses.push(pause),
    csrf: () => "token",
    signedOut: () => void signedOut++,
  });
  return { api, sent, pauses, signedOut: () => signedOut };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const refusal = (status: number, type: string, headers = {}) =>
  json(status, { error: { type, message: `About ${type}.`, request_id: "r1" } }, headers);

test("a change carries the session's token and JSON, a question neither", async () => {
  const { api, sent } = scripted(json(200, {}), json(200, {}));
  await api.post("/x", { a: 1 });
  await api.get("/x", { q: "a b", none: null });
  const headers = sent.map((one) => one.init.headers as Record<string, string>);
  assert.equal(headers[0]?.["x-csrf-token"], "token");
  assert.equal(headers[1]?.["x-csrf-token"], undefined);
  assert.equal(sent[0]?.init.body, '{"a":1}');
  assert.equal(sent[1]?.address, "/console/api/x?q=a+b");
});

test("503 is tried again, after the time that the server names, whatever the method", async () => {
  const { api, pauses } = scripted(refusal(503, "unavailable", { "retry-after": "2" }), refusal(503, "unavailable"), json(200, { done: true }));
  assert.deepEqual(await api.post("/x"), { done: true });
  assert.deepEqual(pauses, [2000, 1200]);
});

test("503 that stays is told after four tries", async () => {
  const { api, sent } = scripted(...[1, 2, 3, 4].map(() => refusal(503, "unavailable")));
  await assert.rejects(api.get("/x"), (error) => isType(error, "unavailable"));
  assert.equal(sent.length, 4);
});

test("a broken connection repeats only what may arrive twice", async () => {
  const once = scripted(new TypeError("network"), json(200, {}));
  await assert.rejects(once.api.post("/tickets"), Unreachable);
  assert.equal(once.sent.length, 1);
  const again = scripted(new TypeError("network"), json(200, { ok: 1 }));
  assert.deepEqual(await again.api.post("/reply", {}, { again: true }), { ok: 1 });
});

test("a refusal keeps its type, its sentence and what else it says", async () => {
  const { api } = scripted(json(409, { error: { type: "stale_version", message: "Brian answered first.", request_id: "r7", by: "Brian" } }));
  await assert.rejects(api.post("/x"), (error: Refused) => {
    assert.deepEqual([error.status, error.type, error.message, error.requestId, error.details["by"]], [409, "stale_version", "Brian answered first.", "r7", "Brian"]);
    return true;
  });
});

test("a proxy's page instead of JSON still gives a sentence", async () => {
  const { api } = scripted(new Response("<html>", { status: 502 }));
  await assert.rejects(api.post("/x"), /The server has a problem/);
});

test("an ended session is noticed by any call, a refused sign-in is not one", async () => {
  const { api, signedOut } = scripted(refusal(401, "not_signed_in"), refusal(401, "sign_in_failed"));
  await assert.rejects(api.get("/inbox"));
  await assert.rejects(api.post("/session"));
  assert.equal(signedOut(), 1);
});

test("half an answer is a broken connection", async () => {
  const { api, sent } = scripted(new Response('{"a": '), json(200, { a: 1 }));
  assert.deepEqual(await api.post("/reply", {}, { again: true }), { a: 1 });
  assert.equal(sent.length, 2);
});

test("an answer without a body is null", async () => {
  const { api } = scripted(new Response(null, { status: 204 }));
  assert.equal(await api.delete("/session"), null);
});
