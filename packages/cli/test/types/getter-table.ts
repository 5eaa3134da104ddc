import { typedFlags } from "@sortition/core/dialect-internal";
import { DIALECTS } from "../../src/dialects/table.js";
import { sampleConfiguration, type ValueKind } from "./generated-flags.js";
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
      const { configuration } = await opened(name, sampleConfiguration(name).payload);
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
