import { hasRedis } from "@sortition/test-kit/redis";
import { describe } from "vitest";
import { leaderScenarios } from "./short/leader.js";
import { neighbourScenarios } from "./short/neighbour.js";

// In one file, so that they can wait at the same time. Most of the plan takes minutes, see `faults.long.test.ts`.
describe.skipIf(!hasRedis).concurrent("fault plan, short part", () => {
  leaderScenarios();
  neighbourScenarios();
});
