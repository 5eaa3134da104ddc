import assert from "node:assert/strict";
import { EXPECTED, pollLogAndClose } from "./application.mjs";

pollLogAndClose().then((result) => {
  assert.deepEqual(result, EXPECTED);
  console.log("closed");
});
