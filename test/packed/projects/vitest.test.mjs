import { expect, test } from "vitest";
import { EXPECTED, pollLogAndClose } from "./application";

test("polls, logs and closes", { timeout: 30_000 }, async () => {
  expect(await pollLogAndClose()).toEqual(EXPECTED);
});
