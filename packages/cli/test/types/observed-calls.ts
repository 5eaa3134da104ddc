import { type Client, createClient } from "@sortition/core";
import { SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import type { OpenConfiguration } from "../../src/dialects/dialect.js";
import { DIALECTS } from "../../src/dialects/table.js";
import type { PayloadFile } from "../../src/evaluate/payload-file.js";
import { NATIONS } from "./generated-flags.js";

/** The name of the getter for each type. */
export const GETTERS = {
  boolean: "getBooleanAssignment",
  string: "getStringAssignment",
  integer: "getIntegerAssignment",
  numeric: "getNumericAssignment",
  json: "getJSONAssignment",
} as const;

export type GetterType = keyof typeof GETTERS;

/** The results of one getter for one flag. */
export interface Observed {
  /** The distinct values as JSON. */
  readonly values: ReadonlySet<string>;
  /** Whether a subject got the default. */
  readonly hasDefault: boolean;
}

/** A default that is not a value of any flag. */
const DEFAULT: object = Object.freeze({ isDefault: true });

/** Opens a payload in the same way as the command. */
export async function opened(dialect: string, payload: object): Promise<OpenConfiguration> {
  const load = DIALECTS[dialect];
  if (load === undefined) throw new Error(dialect);
  const bytes = Buffer.from(JSON.stringify(payload));
  const file: PayloadFile = { name: "generated", bytes, readAtMs: 0 };
  const options = { configPath: "generated", config: async () => file };
  return await (await load()).open({ ...options, option: () => undefined, warn: () => {} });
}

/** A client that evaluates an opened payload. */
export function clientFor({ configuration }: OpenConfiguration): Client {
  return createClient({
    dialect: configuration.dialect,
    initialConfiguration: configuration,
    diagnostics: SILENT_DIAGNOSTICS,
  });
}

/** Calls a getter for many subjects, and collects the results. */
export function observe(client: Client, key: string, type: GetterType, subjects: number): Observed {
  const values = new Set<string>();
  let hasDefault = false;
  for (let i = 0; i < subjects; i++) {
    const attributes = { nation: NATIONS[i % NATIONS.length] ?? "" };
    const value = client[GETTERS[type]](key, `user-${i}`, attributes, DEFAULT as never) as unknown;
    if (value === DEFAULT) hasDefault = true;
    else values.add(JSON.stringify(value));
  }
  return { values, hasDefault };
}
