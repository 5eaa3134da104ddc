import { DecodeError } from "@sortition/core";
import type { NamedDifference, Random } from "@sortition/dialect-kit/differential";
import type { FuzzPlan, Mutation } from "@sortition/dialect-kit/fuzz";
import { vi } from "vitest";
import { type Call, generateCalls } from "../differential/calls.js";
import {
  type GeneratedConfiguration,
  generateConfiguration,
  NOW_MS,
} from "../differential/configurations.js";
import { DELIBERATE } from "../differential/deliberate.js";
import { Ours } from "../differential/ours.js";
import type { Outcome } from "../differential/outcome.js";
import { Vendor } from "../differential/vendor.js";

/** A configuration and calls that evaluate its flags. */
export interface FlagsSample {
  readonly document: GeneratedConfiguration;
  readonly calls: readonly Call[];
}

/** A call that evaluates a mutated configuration. */
export interface FuzzCase {
  readonly call: Call;
  readonly text: string;
  readonly mutation: Mutation;
  readonly ours: Outcome | Refused;
  readonly vendor: Outcome | Refused;
}

/** The result if the configuration is rejected. */
interface Refused {
  readonly refused: true;
}

const REFUSED: Refused = { refused: true };

const FUZZ_DIFFERENCES: readonly NamedDifference<FuzzCase>[] = [
  ...(DELIBERATE as unknown as readonly NamedDifference<FuzzCase>[]),
  {
    name: "configuration refused",
    because:
      "a payload without flags is rejected, and the previous configuration stays in use; the vendor accepts it",
    explains: (_, { ours }) => ours === REFUSED,
  },
  {
    name: "allocation whose key is not a string",
    because: "its assignments are not logged; the vendor logs the key as it is",
    explains: ({ path }, { mutation }) =>
      path.startsWith("exposures") && mutation.path.at(-1) === "key",
  },
  {
    name: "date without a string form",
    because: "the result is PARSE_ERROR; the vendor returns GENERAL",
    explains: ({ path }, { mutation }) =>
      path === "errorCode" && ["startAt", "endAt"].includes(String(mutation.path.at(-1))),
  },
  {
    name: "number without JSON",
    because: "a JSON value is a copy, in which -0 is 0 and an out-of-range number is null",
    explains: ({ path }, { mutation: { value } }) =>
      path.startsWith("value") && /^-0$|endless length|Infinity|infinite/.test(value.name),
  },
  {
    name: "bottomless value",
    because: "JSON that is nested too deeply to be copied makes the flag malformed",
    explains: (_, { mutation }) =>
      mutation.path.includes("value") && mutation.value.name.startsWith("bottomless"),
  },
];

/** Replaces one node of a configuration, and compares the results. */
export const FUZZ_PLAN: FuzzPlan<FlagsSample, FuzzCase> = {
  name: "datadog flags",
  named: FUZZ_DIFFERENCES,
  sample(random: Random) {
    const document = generateConfiguration(random, 0);
    return { document, calls: generateCalls(random, document, 3) };
  },
  async ask({ calls }, text, mutation) {
    vi.setSystemTime(NOW_MS);
    const ours = loaded(() => new Ours(text), DecodeError);
    const vendor = loaded(() => new Vendor(JSON.parse(text)), Error);
    const cases: FuzzCase[] = [];
    for (const call of calls) {
      cases.push({
        ...{ call, text, mutation },
        ours: ours?.run(call) ?? REFUSED,
        vendor: (await vendor?.run(call)) ?? REFUSED,
      });
    }
    return cases;
  },
  show: ({ call }) => `${String(call.targetingKey)} ${call.flagKey} ${call.type}`,
};

function loaded<T>(load: () => T, refusal: typeof Error | typeof DecodeError): T | null {
  try {
    return load();
  } catch (error) {
    if (error instanceof refusal) return null;
    throw error;
  }
}
