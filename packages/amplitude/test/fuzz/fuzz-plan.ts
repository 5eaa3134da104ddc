import { DecodeError } from "@sortition/core";
import type { NamedDifference, Random } from "@sortition/dialect-kit/differential";
import type { FuzzPlan, Mutation } from "@sortition/dialect-kit/fuzz";
import { vi } from "vitest";
import { type Call, generateCalls } from "../differential/calls.js";
import {
  type Flag,
  type GeneratedConfiguration,
  generateConfiguration,
} from "../differential/configurations.js";
import { Ours } from "../differential/ours.js";
import type { Outcome } from "../differential/outcome.js";
import { Vendor } from "../differential/vendor.js";

/** A set of flags and calls that evaluate them. */
export interface FlagsSample {
  readonly document: readonly Flag[];
  readonly configuration: GeneratedConfiguration;
  readonly calls: readonly Call[];
}

/** A call that evaluates flags, one of which was mutated. */
export interface FuzzCase {
  readonly call: Call;
  readonly mutation: Mutation;
  readonly ours: Outcome | Refused;
  readonly vendor: Outcome | Refused;
}

interface Refused {
  readonly refused: true;
}

const REFUSED: Refused = { refused: true };

const FUZZ_DIFFERENCES: readonly NamedDifference<FuzzCase>[] = [
  {
    name: "list of endless length",
    because:
      "such a flag is missing from the results; the vendor would loop over the length, so it is not called",
    explains: (_, { mutation }) => isEndlessList(mutation),
  },
  {
    name: "failure isolated",
    because: "a malformed flag is missing from the results; the vendor's whole evaluation throws",
    explains: (_, { ours, vendor }) => "throws" in vendor && !("throws" in ours),
  },
  {
    name: "configuration refused",
    because:
      "anything but an array of flags is rejected, and the previous flags stay in use; the vendor accepts it",
    explains: (_, { ours, vendor }) => ours === REFUSED || vendor === REFUSED,
  },
  {
    name: "flag without a string as its key",
    because: "such a flag is ignored; the vendor knows it by its key as a string",
    explains: (_, { mutation: { path } }) => path.at(-1) === "key" && path.length === 2,
  },
  {
    name: "inherited name",
    because: "only own members are read; the vendor reads inherited ones",
    explains: (_, { mutation: { value } }) =>
      /constructor|toString|__proto__|hasOwn/.test(value.name),
  },
  {
    name: "value without a string form",
    because:
      "the flag is missing from the results; the vendor fails when it reads, copies or compares the value",
    explains: (_, { mutation: { value } }) =>
      /string form|null conversions|bottomless/.test(value.name),
  },
  {
    name: "cohort id that is not a string",
    because: "only strings refer to cohorts; the vendor looks up any listed value",
    explains: ({ path }, { mutation }) =>
      /^user\.(?:group_)?cohort_ids/.test(path) && mutation.path.includes("values"),
  },
  {
    name: "malformed part of a flag",
    because:
      "a member of another type removes the flag from the results; the vendor continues with what JavaScript makes of it",
    explains: (_, { mutation: { path, value } }) =>
      ["segments", "conditions", "values", "selector"].includes(
        String(path.filter((it) => typeof it === "string").at(-1)),
      ) && !/^(?:removed|null)$/.test(value.name),
  },
];

/** Replaces one node of the flags. */
export const FUZZ_PLAN: FuzzPlan<FlagsSample, FuzzCase> = {
  name: "amplitude flags",
  named: FUZZ_DIFFERENCES,
  sample(random: Random) {
    const configuration = generateConfiguration(random, 0);
    return {
      document: configuration.flags,
      configuration,
      calls: generateCalls(random, configuration, 3),
    };
  },
  async ask({ calls, configuration }, text, mutation) {
    const flags = JSON.parse(text) as readonly Flag[];
    const ours = loaded(() => new Ours(configuration, text), DecodeError);
    // The vendor's store may throw any error, for example a RangeError for a key that is nested too
    // deeply to become a string.
    const asksVendor = !isEndlessList(mutation);
    const vendor = asksVendor ? loaded(() => new Vendor({ ...configuration, flags }), Error) : null;
    const cases: FuzzCase[] = [];
    for (const call of calls) {
      vi.setSystemTime(call.nowMs);
      cases.push({
        call,
        mutation,
        ours: ours?.run(call) ?? REFUSED,
        vendor: (await vendor?.run(call)) ?? REFUSED,
      });
    }
    return cases;
  },
  show: ({ call }) => JSON.stringify(call),
};

/** Elsewhere the vendor throws for the first element, which is `undefined`. */
function isEndlessList({ path, value }: Mutation): boolean {
  const isRead = ["dependencies", "values"].includes(String(path.at(-1)));
  return isRead && value.name === "object of endless length";
}

function loaded<T>(load: () => T, refusal: typeof Error | typeof DecodeError): T | null {
  try {
    return load();
  } catch (error) {
    if (error instanceof refusal) return null;
    throw error;
  }
}
