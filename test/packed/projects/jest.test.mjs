import { EXPECTED, pollLogAndClose } from "./application";

test("polls, logs and closes", async () => {
  expect(await pollLogAndClose()).toEqual(EXPECTED);
}, 30_000);
