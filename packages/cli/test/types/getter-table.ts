import { typedFlags } from "@sortition/core/dialect-internal";
import { DIALECTS } from "../../src/dialects/table.js";
import { sampleConfiguration, UNIVERSE, VALUE_KINDS, type ValueKind } from "./generated-flags.js";
import { opened } from "./observed-calls.js";

const COLUMNS = {
  eppo: "Eppo",
  growthbook: "GrowthBook",
  amplitude: "Amplitude",
  posthog: "PostHog",
  datadog: "Datadog",
  launchdarkly: "LaunchDarkly",
  statsig: "Statsig",
} as const;

const ROWS: Readonly<Record<ValueKind, string>> = {
  boolean: "booleans",
  string: "strings",
  integer: "integers",
  numeric: "other numbers",
  json: "JSON",
};

/**
 * The header and the rows of the guide's table: the getters that `sortition types` generates for flags with values of
 * each type.
 */
export async function getterTable(): Promise<readonly [string, readonly (readonly string[])[]]> {
  const columns = await Promise.all(
    (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).map(async (name) => {
      const payload = sampleOf(name);
      const { configuration } = await opened(name, payload);
      const dialect = await DIALECTS[name]?.();
      if (dialect === undefined) throw new Error(name);
      const flags = [...typedFlags(configuration, dialect.explainer, [])];
      return new Map(
        flags.map(({ description, getters }) => [
          description.key,
          getters.map(({ type }) => type).join(", "),
        ]),
      );
    }),
  );
  const rows = Object.entries(ROWS).map(([kind, name]) => [
    name,
    // Statsig's values are parameters, except for booleans and objects.
    ...columns.map((column) => column.get(`${kind}.value`) ?? column.get(kind) ?? "–"),
  ]);
  return [`| values | ${Object.values(COLUMNS).join(" | ")} |`, rows];
}

function sampleOf(name: keyof typeof COLUMNS): object {
  if (name === "launchdarkly") return launchdarklySample();
  return name === "statsig" ? statsigSample() : sampleConfiguration(name).payload;
}

/** A gate, and configs whose values are an object or have the parameter `value`. */
function statsigSample(): object {
  const specs = VALUE_KINDS.map((name) => {
    const [value] = UNIVERSE[name];
    const isGate = name === "boolean";
    const defaultValue = isGate ? false : name === "json" ? value : { value };
    const spec = { salt: name, enabled: true, idType: "userID", rules: [], defaultValue };
    const type = isGate ? "feature_gate" : "dynamic_config";
    return [name, { ...spec, type, entity: type }] as const;
  });
  const [gates, configs] = [true, false].map((isGate) =>
    Object.fromEntries(specs.filter(([name]) => (name === "boolean") === isGate)),
  );
  return {
    ...{ has_updates: true, time: 1, condition_map: {}, layer_configs: {} },
    ...{ feature_gates: gates, dynamic_configs: configs },
  };
}

/** One flag of LaunchDarkly for each type of value. */
function launchdarklySample(): object {
  const shares = [0, 1].map((variation) => ({ variation, weight: 50_000 }));
  const flags = VALUE_KINDS.map((key) => {
    const variations = UNIVERSE[key].slice(0, 2);
    const flag = { key, on: true, version: 1, salt: key, variations };
    return [key, { ...flag, fallthrough: { rollout: { variations: shares } } }];
  });
  return { flags: Object.fromEntries(flags), segments: {} };
}
