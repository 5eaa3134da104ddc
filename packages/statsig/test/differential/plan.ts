import {
  CoverageCounts,
  type DifferentialPlan,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import type { StatsigReason, StatsigUser } from "../../src/dialect.js";
import { clientOf, evaluate, type Kind, type Result, type Sdk } from "../ours.js";
import { toV1, type V2 } from "../v1.js";
import { vendorOf } from "../vendor.js";
import { FLAGS, generatePayload, ODDITIES, type Oddity, OPERATORS, TYPES } from "./payloads.js";
import { generateUser, LOOKUPS } from "./users.js";

/** Number of payloads, of users for each, and of flags for each user. */
export interface Extent {
  readonly payloads: number;
  readonly usersEach: number;
}

/** One flag for one user. */
export interface Case {
  readonly sdk: Sdk;
  readonly oddity: Oddity;
  readonly payload: V2;
  readonly kind: Kind;
  readonly name: string;
  readonly user: StatsigUser;
  readonly reason: StatsigReason;
  readonly ours: Result;
  readonly vendor: Result;
}

/** Evaluates generated payloads for generated users beside one of the vendor's SDKs. */
export function planOf(sdk: Sdk): DifferentialPlan<Case, Extent> {
  return {
    name: sdk === "core" ? "statsig flags" : "statsig-legacy flags",
    named: [
      {
        name: "a condition that the vendor's SDK does not know",
        because: "we report an error, and the caller gets the default; the vendor has some value",
        explains: (_, { reason }) => reason === "unsupported",
      },
    ],
    cases: (random, extent) => compare(sdk, random, extent),
    createTally: () => new Coverage(),
    show: ({ kind, name, payload, user }) =>
      `${kind} ${name}\n${JSON.stringify(user)}\n${JSON.stringify(payload)}`,
  };
}

async function* compare(
  sdk: Sdk,
  random: Random,
  { payloads, usersEach }: Extent,
): AsyncGenerator<Case> {
  for (let i = 0; i < payloads; i++) {
    const oddity = random.deal("oddities", ODDITIES);
    const payload = generatePayload(random, oddity);
    const received = sdk === "core" ? payload : toV1(payload);
    const vendor = await vendorOf(sdk, received);
    try {
      const client = clientOf(sdk, received, { lookups: LOOKUPS });
      for (let j = 0; j < usersEach; j++) {
        const user = generateUser(random);
        for (const [kind, name] of FLAGS) {
          const { reason, ...ours } = evaluate(client, kind, name, user);
          const theirs = vendor.evaluate(kind, name, user);
          yield { sdk, oddity, payload, kind, name, user, reason, ours, vendor: theirs };
        }
      }
    } finally {
      await vendor.close();
    }
  }
}

/** Counts payloads, conditions and results. */
class Coverage implements Tally<Case> {
  readonly #seen = new WeakSet<V2>();
  readonly #counts = new CoverageCounts({
    payloads: ODDITIES,
    types: TYPES,
    operators: OPERATORS,
    kinds: ["gate", "config", "layer"],
    reasons: [
      ...["rule", "group", "default", "layerAssignment", "targetingGate", "disabled"],
      ...["unsupported", "error"],
    ],
  });

  add({ kind, oddity, payload, reason }: Case): void {
    this.#counts.add("kinds", kind);
    this.#counts.add("reasons", reason);
    if (this.#seen.has(payload)) return;
    this.#seen.add(payload);
    this.#counts.add("payloads", oddity);
    for (const { operator, type } of Object.values(payload.condition_map)) {
      const known = TYPES.find((it) => it === type);
      if (known !== undefined) this.#counts.add("types", known);
      if (known === "user_field" && operator !== "odd") {
        this.#counts.add("operators", String(operator));
      }
    }
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return String(this.#counts);
  }
}
