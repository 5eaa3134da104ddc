import { type Cache, lru, NON_EXPIRING, type Step } from "./sequences.js";

/** A deliberate difference of deduplication, with steps that show it. */
export interface DeduplicationDifference {
  readonly name: string;
  readonly because: string;
  readonly cache: Cache;
  readonly steps: readonly Step[];
  /** Whether each call logs an event. */
  readonly ours: readonly boolean[];
  readonly vendor: readonly boolean[];
}

export const DEDUPLICATION_DIFFERENCES: readonly DeduplicationDifference[] = [
  {
    name: "separator inside a key",
    because: "the vendor joins keys with `;`, so different pairs replace each other",
    cache: NON_EXPIRING,
    steps: [load({ g: "a", "f;g": "a" }), ask("g", "s;f"), ask("f;g", "s"), ask("g", "s;f")],
    ours: [true, true, false],
    vendor: [true, true, true],
  },
  {
    name: "subject key with a lone surrogate",
    because: "the vendor cannot hash it for its cache, and loses the event",
    cache: NON_EXPIRING,
    steps: [load({ f: "a" }), ask("f", "\ud800"), ask("f", "\ud800")],
    ours: [true, false],
    vendor: [false, false],
  },
  {
    name: "allocation with an empty key",
    because: "the vendor treats it as missing, and does not check whether it was logged",
    cache: NON_EXPIRING,
    steps: [load({ f: "" }), ask("f", "s"), ask("f", "s")],
    ours: [true, false],
    vendor: [true, true],
  },
  {
    name: "logger that fails after another assignment was logged",
    because:
      "the last event that the logger received is then unknown, so the next assignment is logged",
    cache: NON_EXPIRING,
    steps: [
      load({ f: "a" }),
      ask("f", "s"),
      load({ f: "b" }),
      ask("f", "s", "fails"),
      load({ f: "a" }),
      ask("f", "s"),
    ],
    ours: [true, true, true],
    vendor: [true, true, false],
  },
  {
    name: "logger that fails when the cache is full",
    because:
      "an exposure is recorded before it is delivered, because otherwise a logger that evaluates the same flag would never end",
    cache: lru(1),
    steps: [load({ f: "a" }), ask("f", "s"), ask("f", "t", "fails"), ask("f", "s")],
    ours: [true, true, true],
    vendor: [true, true, false],
  },
];

function load(allocations: Readonly<Record<string, string>>): Step {
  return {
    kind: "load",
    isObfuscated: false,
    flags: Object.fromEntries(
      Object.entries(allocations).map(([key, allocation]) => [
        key,
        { innerKey: key, allocation, variation: "x", doLog: true },
      ]),
    ),
  };
}

function ask(flagKey: string, subjectKey: string, logger: "works" | "fails" = "works"): Step {
  return { kind: "ask", flagKey, subjectKey, loggerFails: logger === "fails" };
}
