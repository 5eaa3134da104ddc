import type { ClientOptions } from "@sortition/core";
import type { Random } from "@sortition/dialect-kit/differential";
import type { Call } from "./calls.js";
import { md5, obfuscateFlag } from "./obfuscate.js";
import { Ours } from "./ours.js";
import { Vendor, type VendorOptions } from "./vendor.js";

/** A kind of deduplication cache that both SDKs have. */
export interface Cache {
  readonly name: string;
  readonly deduplication: NonNullable<ClientOptions["deduplication"]>;
  readonly setUpVendor: NonNullable<VendorOptions["setUpCache"]>;
}

export const NON_EXPIRING: Cache = {
  name: "non-expiring",
  deduplication: { assignments: { max: Number.POSITIVE_INFINITY } },
  setUpVendor: (client) => client.useNonExpiringInMemoryAssignmentCache(),
};

/** Creates a cache of the most recently used pairs. */
export function lru(max: number): Cache {
  return {
    name: `the last ${max}`,
    deduplication: { assignments: { max } },
    setUpVendor: (client) => client.useLRUInMemoryAssignmentCache(max),
  };
}

export const CACHES: readonly Cache[] = [
  {
    name: "none",
    deduplication: false,
    setUpVendor: (client) => client.disableAssignmentCache(),
  },
  NON_EXPIRING,
  ...[0, 1, 2, 3, 5].map(lru),
];

/** A flag that assigns the same value to all subjects. */
export interface SimpleFlag {
  readonly innerKey: string;
  readonly allocation: string;
  readonly variation: string;
  readonly doLog: boolean;
}

/** One step: a new configuration, or a call. */
export type Step =
  | {
      readonly kind: "load";
      readonly flags: Readonly<Record<string, SimpleFlag>>;
      readonly isObfuscated: boolean;
    }
  | {
      readonly kind: "ask";
      readonly flagKey: string;
      readonly subjectKey: string;
      readonly loggerFails: boolean;
    };

/** Events of each step as allocation and variation. Empty: none. */
export interface SequenceResult {
  readonly ours: readonly string[];
  readonly vendor: readonly string[];
}

/** Runs the same steps in both SDKs. */
export async function runSequence(cache: Cache, steps: readonly Step[]): Promise<SequenceResult> {
  let loggerFails = false;
  const onEvent = (): void => {
    if (loggerFails) throw new Error("the logger fails");
  };
  const ours = new Ours({
    isGraceful: true,
    includesDetails: false,
    deduplication: cache.deduplication,
    onEvent,
  });
  const vendor = new Vendor({ isGraceful: true, setUpCache: cache.setUpVendor, onEvent });
  const logged: { ours: string[]; vendor: string[] } = { ours: [], vendor: [] };
  for (const step of steps) {
    if (step.kind === "load") {
      const text = bodyOf(step);
      ours.load(text);
      await vendor.load(text);
      continue;
    }
    loggerFails = step.loggerFails;
    const call = callOf(step);
    logged.ours.push(summaryOf(ours.run(call).events));
    logged.vendor.push(summaryOf(vendor.run(call).events));
  }
  return logged;
}

/** Generates a sequence with a changing configuration and returning subjects. */
export function generateSteps(random: Random, failureProbability: number): Step[] {
  const flagKeys = ["f", "g", "h"];
  // If the logger fails between two different assignments, the SDKs differ deliberately.
  const isChanging = failureProbability === 0;
  const load = (): Step => ({
    kind: "load",
    isObfuscated: random.chance(0.3),
    flags: Object.fromEntries(
      flagKeys.map((key) => [
        key,
        {
          innerKey: isChanging && random.chance(0.3) ? "shared" : key,
          allocation: random.pick(["a", "b"]),
          variation: random.pick(["x", "y"]),
          doLog: random.chance(0.85),
        },
      ]),
    ),
  });
  const ask = (): Step => ({
    kind: "ask",
    flagKey: random.pick(flagKeys),
    subjectKey: random.pick(["s", "t", "u"]),
    loggerFails: random.chance(failureProbability),
  });
  const loadProbability = isChanging ? 0.1 : 0;
  return [load(), ...random.times(80, () => (random.chance(loadProbability) ? load() : ask()))];
}

function bodyOf({ flags, isObfuscated }: Extract<Step, { kind: "load" }>): string {
  const entries = Object.entries(flags).map(([key, flag]) => {
    const wire = wireOf(flag);
    return isObfuscated ? [md5(key), obfuscateFlag(wire)] : [key, wire];
  });
  const format = isObfuscated ? "CLIENT" : "SERVER";
  return JSON.stringify({ format, flags: Object.fromEntries(entries) });
}

function wireOf({ innerKey, allocation, variation, doLog }: SimpleFlag): Record<string, unknown> {
  return {
    key: innerKey,
    enabled: true,
    variationType: "STRING",
    variations: { [variation]: { key: variation, value: "value" } },
    allocations: [{ key: allocation, splits: [{ shards: [], variationKey: variation }], doLog }],
    totalShards: 10_000,
  };
}

function callOf({ flagKey, subjectKey }: Extract<Step, { kind: "ask" }>): Call {
  return {
    flagKey,
    flag: null,
    subject: { key: subjectKey, attributes: {}, edges: [], attributeEdges: new Map() },
    type: "STRING",
    wantsDetails: false,
    defaultValue: "default",
    nowMs: 0,
    overrides: null,
    edges: [],
  };
}

function summaryOf(events: readonly object[]): string {
  const summaries = events.map((event) => {
    const { featureFlag, subject, allocation, variation } = event as Record<string, unknown>;
    return `${featureFlag} ${subject}: ${allocation} ${variation}`;
  });
  return summaries.join(", ");
}
