import type { Random } from "@sortition/dialect-kit/differential";
import type { ExperimentUser } from "../../src/dialect.js";
import {
  type GeneratedConfiguration,
  GROUP_NAMES,
  GROUP_TYPES,
  USER_IDS,
} from "./configurations.js";
import { PROPERTY_NAMES, PROPERTY_VALUES, USUAL_KINDS } from "./values.js";

/** A call of local evaluation. */
export interface Call {
  readonly user: ExperimentUser;
  readonly flagKeys: readonly string[] | undefined;
  readonly isDeprecated: boolean;
  readonly tracksExposure: boolean;
  readonly nowMs: number;
}

/** Generates the calls for one configuration in order of time. Some are made twice. */
export function generateCalls(
  random: Random,
  configuration: GeneratedConfiguration,
  count: number,
): Call[] {
  let nowMs = 1_770_000_000_000;
  const calls: Call[] = [];
  while (calls.length < count) {
    nowMs += random.pick([0, 1, 60_000, 43_200_000, 86_400_000, 86_400_001]);
    const former = calls.at(-1);
    if (former !== undefined && random.chance(0.25)) calls.push({ ...former, nowMs });
    else calls.push({ ...generateCall(random, configuration), nowMs });
  }
  return calls;
}

function generateCall(random: Random, { flags }: GeneratedConfiguration): Omit<Call, "nowMs"> {
  const properties: Record<string, unknown> = {};
  for (const name of PROPERTY_NAMES) {
    if (random.chance(0.25)) continue;
    const usual = random.chance(0.5) ? USUAL_KINDS[name] : undefined;
    const kind = usual ?? random.pick(Object.keys(PROPERTY_VALUES));
    properties[name] = random.pick(PROPERTY_VALUES[kind] ?? []);
  }
  const keys = flags.map(({ key }) => key as string);
  return {
    user: generateUser(random, properties),
    flagKeys: random.pick([
      undefined,
      undefined,
      [],
      [random.pick(keys)],
      [random.pick(keys), "unknown", random.pick(keys)],
    ]),
    isDeprecated: random.chance(0.15),
    tracksExposure: random.chance(0.5),
  };
}

function generateUser(random: Random, properties: object): ExperimentUser {
  const some = (chance: number, make: () => object): object =>
    random.chance(chance) ? make() : {};
  return {
    ...some(0.85, () => ({ user_id: random.pick<unknown>([...USER_IDS, " u1 ", 42, null]) })),
    ...some(0.5, () => ({ device_id: random.pick<unknown>(["d1", "d2", " d ", "", 7]) })),
    ...some(0.9, () => ({ user_properties: properties })),
    ...some(0.4, () => ({ country: random.pick<unknown>(["red", "DK", "", 0, false]) })),
    ...some(0.3, () => ({ version: random.pick(["1.2", "1.2.3", "2.0"]), custom: "red" })),
    ...some(0.2, () => ({ cohort_ids: random.pick<unknown>([["c1"], ["(none)"], [], "c1"]) })),
    ...some(0.5, () => generateGroups(random)),
  };
}

function generateGroups(random: Random): object {
  const types = GROUP_TYPES.filter(() => random.chance(0.6));
  const groups = types.map((type) => {
    const names = [random.pick(GROUP_NAMES), "second"];
    return [type, random.pick<unknown>([names, names, names, names, [], [""], "acme", 5, null])];
  });
  const properties = types.map((type) => [
    type,
    Object.fromEntries(
      GROUP_NAMES.map((name) => [
        name,
        random.pick<unknown>([{ p: "red", "1": ["green"] }, {}, null, "text"]),
      ]),
    ),
  ]);
  return {
    groups: random.chance(0.95) ? Object.fromEntries(groups) : random.pick([null, {}, "ab"]),
    ...(random.chance(0.6) ? { group_properties: Object.fromEntries(properties) } : {}),
    ...(random.chance(0.3)
      ? { group_cohort_ids: { org: { acme: ["c1"], globex: [] }, User: { acme: ["c2"] } } }
      : {}),
  };
}
