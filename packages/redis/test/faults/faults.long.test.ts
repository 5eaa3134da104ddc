import { hasRedis } from "@sortition/test-kit/redis";
import { describe } from "vitest";
import { drillScenarios } from "./long/drill.js";
import { exitScenarios } from "./long/exit.js";
import { fenceScenarios } from "./long/fence.js";
import { fleetScenarios, loneScenarios } from "./long/fleet.js";
import { networkScenarios } from "./long/network.js";
import { outageScenarios } from "./long/outage.js";
import { payloadScenarios } from "./long/payload.js";
import { lostRedisScenarios } from "./long/redis-lost.js";
import { rightsScenarios } from "./long/rights.js";
import { serverScenarios } from "./long/server.js";
import { streamingScenarios } from "./long/streaming.js";
import { leaderScenarios } from "./short/leader.js";
import { neighbourScenarios } from "./short/neighbour.js";

describe.skipIf(!hasRedis)("fault plan, long part", () => {
  loneScenarios();

  // In one file, so that they share a process, because they mostly wait.
  describe.concurrent("concurrent scenarios", () => {
    drillScenarios();
    leaderScenarios();
    neighbourScenarios();
    outageScenarios();
    fleetScenarios();
    networkScenarios();
    serverScenarios();
    streamingScenarios();
    fenceScenarios();
    lostRedisScenarios();
    rightsScenarios();
    payloadScenarios();
    exitScenarios();
  });
});
