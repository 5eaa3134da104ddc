import { hasRedis } from "@sortition/test-kit/redis";
import { describe } from "vitest";
import { exitScenarios } from "./short/exit.js";
import { fenceScenarios } from "./short/fence.js";
import { leaderScenarios } from "./short/leader.js";
import { neighbourScenarios } from "./short/neighbour.js";
import { payloadScenarios } from "./short/payload.js";
import { lostRedisScenarios } from "./short/redis-lost.js";
import { rightsScenarios } from "./short/rights.js";

// In one file, so that they can wait at the same time.
describe.skipIf(!hasRedis).concurrent("fault plan, short part", () => {
  leaderScenarios();
  fenceScenarios();
  lostRedisScenarios();
  rightsScenarios();
  payloadScenarios();
  exitScenarios();
  neighbourScenarios();
});
