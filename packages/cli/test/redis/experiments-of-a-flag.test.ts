import { amplitude } from "@sortition/amplitude/dialect";
import { type AssignmentEvent, createClient, type Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { type ConfigurationOrigin, eventIdOf } from "@sortition/core/internal";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { redis } from "@sortition/redis";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const PLANS = ["a", "b"] as const;

/** A flag `layout` that gives every subject the same variation through one experiment per plan. */
interface Vendor {
  readonly dialect: Dialect;
  readonly definitions: object;
  /** The field that differs between the events of the two experiments. */
  readonly own: "experiment" | "allocation";
}

const VENDORS: Readonly<Record<string, Vendor>> = {
  "eppo's allocations": {
    dialect: eppo(),
    definitions: eppoFlags(),
    own: "experiment",
  },
  "GrowthBook's rules without an id": {
    dialect: growthbook(),
    definitions: { features: { layout: { rules: PLANS.map((it) => growthbookRule(it)) } } },
    own: "experiment",
  },
  "GrowthBook's rules with the same id": {
    dialect: growthbook(),
    definitions: { features: { layout: { rules: PLANS.map((it) => growthbookRule(it, "r")) } } },
    own: "experiment",
  },
  "Amplitude's segments without a name": {
    dialect: amplitude(),
    definitions: amplitudeFlags(),
    own: "experiment",
  },
  "Amplitude's segments with the same name": {
    dialect: amplitude(),
    definitions: amplitudeFlags("All users"),
    own: "experiment",
  },
  "PostHog's conditions": {
    dialect: posthog({ projectApiKey: "phc_test" }),
    definitions: posthogFlags(),
    own: "allocation",
  },
};

describe.skipIf(!hasRedis)("two experiments of one flag with one variation", () => {
  let store: RedisServer;
  beforeAll(async () => {
    store = await startRedis();
  });
  afterAll(() => store.close());

  it.each(Object.entries(VENDORS))(
    "redis §6 fault 50: %s are two exposures in a client, in a fleet and in a logger",
    async (namespace, { definitions, dialect, own }) => {
      const bytes = new TextEncoder().encode(JSON.stringify(definitions));
      const inClients: AssignmentEvent[][] = [];
      const inFleet: AssignmentEvent[] = [];
      const workers = [0, 1].map(() => {
        const seen: AssignmentEvent[] = [];
        inClients.push(seen);
        const origin: ConfigurationOrigin = {
          dialect,
          scope: "e5".repeat(32),
          async fetchOnce() {
            const fetched = { etag: null, fetchedAtMs: 0, from: "network" } as const;
            return { kind: "payloads", payloads: [{ part: "flags", bytes, ...fetched }] };
          },
        };
        const fleet = redis({
          redis: store.url,
          origin,
          namespace: namespace.replaceAll(/\W/g, "-"),
        });
        return createClient({
          dialect,
          source: fleet,
          clock: { now: () => Date.UTC(2026, 0, 2) },
          assignmentLogger: [
            { name: "seen", logAssignment: (event) => void seen.push(event) },
            fleet.dedupe({ name: "sink", logAssignment: (event) => void inFleet.push(event) }),
          ],
        });
      });
      for (const worker of workers) {
        await worker.waitForInitialization({ timeoutMs: 20_000 });
        for (const plan of [...PLANS, ...PLANS.slice(1)]) {
          worker.getBooleanAssignment("layout", "alice", { plan }, false);
        }
        await worker.flush({ timeoutMs: 5_000 });
      }
      for (const events of [...inClients, inFleet]) {
        expect(events.map(({ variation }) => variation)).toEqual(
          Array(2).fill(events[0]?.variation),
        );
        expect(new Set(events.map((event) => event[own])).size).toBe(2);
        for (const dedupe of ["event", "day", "assignment"] as const) {
          const ids = events.map((event) => eventIdOf({ kind: "assignment", event }, dedupe));
          expect([dedupe, new Set(ids).size]).toEqual([dedupe, 2]);
        }
      }
      for (const worker of workers) await worker.close({ timeoutMs: 1_000 });
    },
  );
});

function growthbookRule(plan: string, id?: string): object {
  const experiment = { key: `exp-${plan}`, variations: [false, true], weights: [0, 1] };
  return {
    ...experiment,
    condition: { plan },
    hashAttribute: "id",
    ...(id === undefined ? {} : { id }),
  };
}

function amplitudeFlags(segmentName?: string): object {
  const segments = PLANS.map((plan) => ({
    conditions: [
      [{ op: "is", selector: ["context", "user", "user_properties", "plan"], values: [plan] }],
    ],
    metadata: { experimentKey: `exp-${plan}`, segmentName },
    variant: "on",
  }));
  return [{ key: "layout", segments, variants: { on: { key: "on", value: "on" } } }];
}

function posthogFlags(): object {
  const groups = PLANS.map((value) => ({
    properties: [{ key: "plan", type: "person", operator: "exact", value }],
    rollout_percentage: 100,
  }));
  const flag = { id: 1, key: "layout", active: true, filters: { groups } };
  return { flags: [flag], group_type_mapping: {}, cohorts: {} };
}

function eppoFlags(): object {
  const allocations = PLANS.map((plan) => ({
    key: `exp-${plan}`,
    rules: [{ conditions: [{ attribute: "plan", operator: "ONE_OF", value: [plan] }] }],
    splits: [{ variationKey: "on", shards: [] }],
    doLog: true,
  }));
  const flag = {
    key: "layout",
    enabled: true,
    variationType: "BOOLEAN",
    variations: { on: { key: "on", value: true } },
    allocations,
    totalShards: 10_000,
  };
  return {
    createdAt: "2026-01-01T00:00:00Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: { layout: flag },
  };
}
