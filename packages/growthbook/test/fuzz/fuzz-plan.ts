import type { NamedDifference, Random } from "@sortition/dialect-kit/differential";
import type { FuzzPlan, Mutation } from "@sortition/dialect-kit/fuzz";
import { generateSession, type Session } from "../differential/calls.js";
import { type Case, DELIBERATE } from "../differential/deliberate.js";
import { askOurs } from "../differential/ours.js";
import { type GeneratedPayload, generatePayload, type Payload } from "../differential/payloads.js";
import { askVendor } from "../differential/vendor.js";

/** A payload, and the users for whom it is evaluated. */
export interface PayloadSample {
  readonly document: Payload;
  readonly generated: GeneratedPayload;
  readonly sessions: readonly Session[];
}

/** A session with a mutated payload. */
export interface FuzzCase extends Case {
  readonly mutation: Mutation;
}

const FUZZ_DIFFERENCES: readonly NamedDifference<FuzzCase>[] = [
  {
    name: "inherited name",
    because:
      "only own members are found as features, groups and experiments; the vendor finds inherited ones",
    explains: (_, { mutation: { value } }) =>
      /constructor|toString|__proto__|hasOwn/.test(value.name),
  },
  {
    name: "object without a string form",
    because: "it is treated as empty; the vendor throws",
    explains: (_, { mutation: { value } }) =>
      /string form|null conversions|bottomless/.test(value.name),
  },
  {
    name: "object with a length",
    because: "it has no length; the vendor treats it as a list",
    explains: (_, { mutation: { value } }) => /length|looks like a list/.test(value.name),
  },
  ...DELIBERATE, // last, because it prints payloads and cannot print circular ones
];

/** Greater than all versions in generated assignments, so that any larger value has the same effect. */
const MOST_VERSIONS = 1_000;

/**
 * Parses a mutated payload. The vendor's SDK counts up to `minBucketVersion` and would not return for `1e21`, so such a
 * version is lowered. `hostile.test.ts` tests our side with one.
 */
function parsed(text: string, { path, value: { json } }: Mutation): Payload {
  const isUncountable = path.at(-1) === "minBucketVersion" && Number(json) > MOST_VERSIONS;
  // The mutation may replace the root.
  if (!isUncountable) return (JSON.parse(text) ?? {}) as Payload;
  return JSON.parse(text, (key, value) =>
    key === "minBucketVersion" && value > MOST_VERSIONS ? MOST_VERSIONS : value,
  );
}

/** Payloads with one replaced node. */
export const FUZZ_PLAN: FuzzPlan<PayloadSample, FuzzCase> = {
  name: "growthbook payloads",
  named: FUZZ_DIFFERENCES,
  sample(random: Random) {
    const generated = generatePayload(random);
    return {
      document: generated.payload,
      generated,
      sessions: random.times(3, () => generateSession(random)),
    };
  },
  async ask({ generated, sessions }, text, mutation) {
    const payload = parsed(text, mutation);
    const mutated = { ...generated, payload };
    return sessions.map((session) => ({
      generated: mutated,
      session,
      mutation,
      ours: askOurs(mutated, session),
      vendor: askVendor(mutated, session),
    }));
  },
  show: ({ session }) => JSON.stringify(session),
};
