import type { Random } from "@sortition/dialect-kit/differential";
import { KEYS, KINDS, LIKELY, OPERATORS, REFERENCES } from "./values.js";

type Wire = Record<string, unknown>;

/** A generated payload, and whether one of its nodes has been replaced. */
export interface GeneratedPayload {
  readonly body: { readonly flags: Record<string, Wire>; readonly segments: Record<string, Wire> };
  readonly isMalformed: boolean;
}

const FLAG_COUNT = 6;
export const FLAG_KEYS: readonly string[] = Array.from(
  { length: FLAG_COUNT },
  (_, i) => `flag-${i}`,
);
const SEGMENT_KEYS = ["s0", "s1", "s2", "s3"];
/** Big segments have rules without segments, because the vendor's SDK never returns for some cycles. */
const BIG_KEYS = ["big", "bigOfOrgs"];
const VALUES: readonly unknown[] = [true, false, "text", 5, 1.5, null, { a: [1, null] }, [], ""];
const ODD: readonly unknown[] = [null, 5, "x", true, {}, [], -1, 1.5, "", [null], ["x"], 0];

export function generatePayload(random: Random): GeneratedPayload {
  const hasBig = random.chance(0.3);
  const body = {
    flags: Object.fromEntries(FLAG_KEYS.map((key) => [key, generateFlag(random, key, hasBig)])),
    segments: {
      ...Object.fromEntries(SEGMENT_KEYS.map((key) => [key, generateSegment(random, key, hasBig)])),
      ...(hasBig ? bigSegments(random) : {}),
    },
  };
  const isMalformed = !hasBig && random.chance(0.4);
  if (isMalformed) for (let i = random.integer(1, 3); i > 0; i--) damage(random, body);
  return { body, isMalformed };
}

function generateFlag(random: Random, key: string, hasBig: boolean): Wire {
  const count = random.integer(1, 4);
  const flag: Wire = {
    key,
    version: 1,
    on: random.chance(0.85),
    variations: generateVariations(random, count),
    fallthrough: generateServed(random, count),
    salt: random.pick<unknown>(["salt", "", "É", 5]),
    rules: random.times(random.pick([0, 1, 2, 3]), (i) => ({
      ...(random.chance(0.8) ? { id: random.pick([`rule-id-${i}`, "", "fallthrough"]) } : {}),
      ...(random.chance(0.95) ? { clauses: generateClauses(random, hasBig) } : {}),
      ...generateServed(random, count),
    })),
  };
  if (random.chance(0.9)) flag["offVariation"] = generateIndex(random, count);
  if (random.chance(0.3)) {
    flag["prerequisites"] = random.times(random.integer(1, 3), () => ({
      key: random.pick([...FLAG_KEYS, "absent"]),
      variation: random.integer(0, 2),
    }));
  }
  if (random.chance(0.3)) {
    flag["targets"] = random.times(random.integer(1, 3), () => generateTarget(random, count));
  }
  if (random.chance(0.25)) {
    flag["contextTargets"] = random.times(random.integer(0, 3), () => ({
      ...generateTarget(random, count),
      ...(random.chance(0.7) ? { contextKind: random.pick([...KINDS, ""]) } : {}),
    }));
  }
  if (random.chance(0.03)) flag["deleted"] = true;
  return flag;
}

/** Most flags have variations of one type. */
function generateVariations(random: Random, count: number): readonly unknown[] {
  if (random.chance(0.3)) return random.times(count, () => random.pick(VALUES));
  const list = random.pick([
    [true, false],
    ["a", "b", ""],
    [5, 1.5, 0],
    [{ a: 1 }, [], { b: null }],
  ]);
  return random.times(count, (i) => list[i % list.length]);
}

function generateTarget(random: Random, count: number): Wire {
  return { variation: generateIndex(random, count), values: generateKeys(random) };
}

/** Some lists are so long that the vendor's SDK turns them into sets. */
function generateKeys(random: Random): readonly string[] {
  const keys = KEYS.filter(() => random.chance(0.25));
  return random.chance(0.05) ? [...random.times(110, (i) => `key-${i}`), ...keys] : keys;
}

function generateIndex(random: Random, count: number): number {
  return random.chance(0.03) ? random.pick([-1, count]) : random.integer(0, count - 1);
}

function generateServed(random: Random, count: number): Wire {
  if (random.chance(0.5)) return { variation: generateIndex(random, count) };
  const isExperiment = random.chance(0.4);
  return {
    rollout: {
      ...(isExperiment || random.chance(0.2)
        ? { kind: isExperiment ? "experiment" : "rollout" }
        : {}),
      ...(random.chance(0.5) ? { contextKind: random.pick(KINDS) } : {}),
      ...(random.chance(0.4) ? { bucketBy: random.pick(REFERENCES) } : {}),
      ...(random.chance(0.4) ? { seed: random.pick<unknown>([0, 5, 61, -3, 1.5, "7"]) } : {}),
      variations: random.times(random.pick([1, 2, 3, 3, 0]), () => ({
        variation: generateIndex(random, count),
        weight: random.pick<unknown>([10_000, 33_333, 50_000, 100_000, 0, "20000"]),
        ...(random.chance(0.2) ? { untracked: random.chance(0.8) } : {}),
      })),
    },
  };
}

function generateClauses(random: Random, hasBig: boolean): readonly Wire[] {
  return random.times(random.pick([1, 1, 1, 2, 2, 3, 0]), () => {
    const keys = [...SEGMENT_KEYS, "absent", ...(hasBig ? BIG_KEYS : [])];
    const negated = random.chance(0.25) ? { negate: true } : {};
    if (random.chance(0.2)) {
      const values = random.times(random.integer(1, 2), () => random.pick(keys));
      return { attribute: "", op: "segmentMatch", values, ...negated };
    }
    return { ...generateClause(random), ...negated };
  });
}

function generateClause(random: Random): Wire {
  if (random.chance(0.4)) {
    const [op, attribute, values] = random.pick(LIKELY);
    return { op, attribute, values, ...(random.chance(0.3) ? { contextKind: "user" } : {}) };
  }
  const [op, values] = random.pick(Object.entries(OPERATORS));
  return {
    ...(random.chance(0.5) ? { contextKind: random.pick(KINDS) } : {}),
    attribute: random.pick(REFERENCES),
    op: random.chance(0.03) ? "between" : op,
    values: random.times(random.integer(0, 3), () => random.pick(values)),
  };
}

function generateSegment(random: Random, key: string, hasBig: boolean): Wire {
  const lists = (name: string): Wire => ({
    ...(random.chance(0.4) ? { [name]: generateKeys(random) } : {}),
    ...(random.chance(0.3)
      ? {
          [`${name}Contexts`]: random.times(random.integer(1, 2), () => ({
            contextKind: random.pick(KINDS),
            values: generateKeys(random),
          })),
        }
      : {}),
  });
  return {
    ...{ key, version: 1, salt: "salt" },
    ...lists("included"),
    ...lists("excluded"),
    rules: random.times(random.integer(0, 2), () => generateSegmentRule(random, hasBig)),
  };
}

function generateSegmentRule(random: Random, hasBig: boolean): Wire {
  return {
    id: "rule",
    ...(random.chance(0.95) ? { clauses: generateClauses(random, hasBig) } : {}),
    ...(random.chance(0.3)
      ? {
          weight: random.pick<unknown>([0, 30_000, 100_000, "50000"]),
          bucketBy: random.pick(REFERENCES),
          ...(random.chance(0.5) ? { rolloutContextKind: random.pick(KINDS) } : {}),
        }
      : {}),
  };
}

function bigSegments(random: Random): Record<string, Wire> {
  const big = (key: string, generation: number, kind: Wire): Wire => ({
    ...{ key, version: 1, salt: "salt", unbounded: true, ...kind },
    ...(random.chance(0.9) ? { generation } : {}),
    included: ["a"],
    rules: random.times(random.integer(0, 1), () => ({
      clauses: [generateClause(random)],
    })),
  });
  return {
    big: big("big", 1, {}),
    bigOfOrgs: big("bigOfOrgs", 2, { unboundedContextKind: "org" }),
  };
}

/** Replaces a node of a flag or a segment, except its key. */
function damage(random: Random, body: GeneratedPayload["body"]): void {
  const part = random.pick([body.flags, body.flags, body.segments]);
  let node: unknown = part[random.pick(Object.keys(part))];
  while (typeof node === "object" && node !== null) {
    const members = node as Wire;
    const names = Object.keys(members).filter((name) => name !== "key" && name !== "version");
    if (names.length === 0) return;
    const name = random.pick(names);
    const child = members[name];
    if (typeof child !== "object" || child === null || random.chance(0.35)) {
      if (random.chance(0.3) && !Array.isArray(members)) delete members[name];
      else members[name] = random.pick(ODD);
      return;
    }
    node = child;
  }
}
