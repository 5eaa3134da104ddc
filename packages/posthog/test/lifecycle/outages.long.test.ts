import { it } from "vitest";
import { expectNothingLeft } from "./timed-out-requests.js";

it("lifecycle §7 fault 37: 20,000 flag requests, half of which time out, leave no listener and no timer", async () => {
  await expectNothingLeft(20_000);
});
