import { hasRedis } from "@sortition/test-kit/redis";
import { describe } from "vitest";
import { refusalScenarios } from "./long/refusals.js";
import { switchScenarios } from "./long/switch.js";

// In one file, so that they can wait at the same time. Beside other tests, they would be late.
describe.skipIf(!hasRedis).concurrent("fault plan, quiet part", () => {
  refusalScenarios();
  switchScenarios();
});
