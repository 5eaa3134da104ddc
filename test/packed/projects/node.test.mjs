import assert from "node:assert/strict";
import { test } from "node:test";
import { EXPECTED, pollLogAndClose } from "./application.mjs";

test("polls, logs and closes", { timeout: 30_000 }, async () => {
  assert.deepEqual(await pollLogAndClose(), EXPECTED);
});
