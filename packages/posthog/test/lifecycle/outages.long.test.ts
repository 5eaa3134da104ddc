import { it } from "vitest";
import { expectNothingLeft } from "./timed-out-requests.js";

it("lifecycle §7 fault 37: 20,000 requests for flags, half of them timed out, leave no listener and no timer", async () => {
  await expectNothingLeft(20_000);
});
