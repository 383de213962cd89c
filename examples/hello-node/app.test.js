import assert from "node:assert/strict";
import test from "node:test";
import { makeApp } from "./app.js";

test("says which replica answered and counts", async () => {
  const app = makeApp({ replica: "one" });
  await app.inject("/whoami");
  const answer = (await app.inject("/whoami")).json();
  assert.equal(answer.replica, "one");
  assert.equal(answer.visits, 2);
  await app.close();
});

test("serves its page", async () => {
  const app = makeApp();
  const answer = await app.inject("/");
  assert.equal(answer.statusCode, 200);
  assert.match(answer.body, /Slipway/);
  await app.close();
});
