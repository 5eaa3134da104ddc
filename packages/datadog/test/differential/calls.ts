import type { Random } from "@sortition/dialect-kit/differential";
import type { GeneratedConfiguration } from "./configurations.js";
import { ATTRIBUTE_NAMES, ATTRIBUTE_VALUES } from "./values.js";

export const TYPES = ["boolean", "string", "number", "object"] as const;

export interface Call {
  readonly flagKey: string;
  readonly type: (typeof TYPES)[number];
  readonly targetingKey: string | null | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly defaultValue: unknown;
  /** Kinds of attribute values that it has. */
  readonly kinds: readonly string[];
}

const DEFAULTS = { boolean: false, string: "default", number: -5, object: { isDefault: true } };
const TYPE_OF_FLAG: Readonly<Record<string, Call["type"]>> = {
  BOOLEAN: "boolean",
  STRING: "string",
  INTEGER: "number",
  NUMERIC: "number",
  JSON: "object",
};
const KINDS = Object.keys(ATTRIBUTE_VALUES);
const TARGETING_KEYS = ["", null, undefined, "US", "5", "1.2.3", "m\u00fcller", "\ud83d\ude00"];

export function generateCalls(
  random: Random,
  { flags }: GeneratedConfiguration,
  count: number,
): Call[] {
  return random.times(count, () => {
    const flagKey = random.chance(0.97) ? random.pick(Object.keys(flags)) : "missing";
    const own = (flags[flagKey] as { readonly variationType?: string } | null)?.variationType ?? "";
    const type = random.chance(0.9) ? (TYPE_OF_FLAG[own] ?? "string") : random.pick(TYPES);
    const kinds: string[] = [];
    const attributes = random.times(random.integer(0, 4), () => {
      const kind = random.pick(KINDS);
      kinds.push(kind);
      return [random.pick(ATTRIBUTE_NAMES), random.pick(ATTRIBUTE_VALUES[kind] ?? [])];
    });
    const targetingKey = random.chance(0.25)
      ? random.pick(TARGETING_KEYS)
      : `subject-${random.integer(0, 1e6)}`;
    return {
      flagKey,
      type,
      targetingKey,
      attributes: Object.fromEntries(attributes),
      defaultValue: DEFAULTS[type],
      kinds,
    };
  });
}
