import type { FlagDescription, ValueType } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import type { FlagPair } from "./flag-pairs.js";

/** Variation keys of an on/off flag. */
const SWITCH: readonly string[] = ["on", "off", "true", "false"];

/** The types to request a flag as in OLD and in NEW; `null`: any type. */
export type ComparedTypes = readonly [ValueType | null, ValueType | null];

/**
 * The types of a pair: from the map, else a type that one side declares or that the values of both sides imply.
 *
 * @param mapName - name of the map in messages.
 * @throws UsageError if a value in the map has a different type than the flag.
 */
export function comparedTypes(
  { mapped, oldKey, newKey }: FlagPair,
  descriptions: readonly [FlagDescription, FlagDescription],
  mapName: string,
): ComparedTypes {
  if (mapped === null || (mapped.values.length === 0 && mapped.type === null)) {
    const type = sharedType(descriptions);
    return [type, type];
  }
  if (mapped.type !== null && mapped.values.length === 0) return [mapped.type, mapped.type];
  return [0, 1].map((side) => {
    const description = descriptions[side] as FlagDescription; // there are two
    const values = mapped.values.map((pair) => pair[side]);
    const known = kindsOf(description);
    values.forEach((value, i) => {
      if (known.size === 0 || known.has(kindOf(value))) return;
      const key = JSON.stringify(side === 0 ? oldKey : newKey);
      const where = `${key} in ${side === 0 ? "OLD" : "NEW"}`;
      throw new UsageError(
        `${mapName}: flags.${oldKey}.values[${i}][${side}]: expected a value of type ${[...known].join(" or ")}, like the other values of ${where}, received ${JSON.stringify(value)}`,
      );
    });
    return mapped.type ?? declaredType(description) ?? typeOfKinds(new Set(values.map(kindOf)));
  }) as unknown as ComparedTypes; // there are two
}

function sharedType(descriptions: readonly FlagDescription[]): ValueType | null {
  for (const description of descriptions) {
    const declared = declaredType(description);
    if (declared !== null) return declared;
  }
  const kinds = descriptions.map(kindsOf);
  const all = new Set(kinds.flatMap((it) => [...it]));
  if (all.has("json")) return "json";
  if (all.has("number")) return all.has("boolean") ? null : "numeric";
  if (all.has("boolean") || descriptions.some(isSwitch)) return "boolean";
  return descriptions.every(hasNumericTexts) ? "numeric" : "string";
}

function declaredType({ valueType }: FlagDescription): ValueType | null {
  return valueType === "unknown" ? null : valueType;
}

type Kind = "boolean" | "string" | "number" | "json";

/** The kinds of a flag's values; empty if they are all strings, because getters may convert these. */
function kindsOf(description: FlagDescription): ReadonlySet<Kind> {
  const declared = declaredType(description);
  if (declared !== null) {
    return new Set([declared === "integer" || declared === "numeric" ? "number" : declared]);
  }
  const values = description.variations.map(({ value }) => value).filter((it) => it !== null);
  const kinds = new Set(values.map((it) => (isJsonText(it) ? "json" : kindOf(it))));
  return kinds.size === 1 && kinds.has("string") ? new Set() : kinds;
}

function kindOf(value: unknown): Kind {
  if (typeof value === "boolean" || typeof value === "string") return typeof value as Kind; // one of the two
  return typeof value === "number" ? "number" : "json";
}

function isJsonText(value: unknown): boolean {
  return typeof value === "string" && /^\s*[[{]/.test(value);
}

function typeOfKinds(kinds: ReadonlySet<Kind>): ValueType | null {
  const [only, ...others] = kinds;
  if (only === undefined || others.length > 0) return null;
  return only === "number" ? "numeric" : only;
}

function isSwitch({ variations }: FlagDescription): boolean {
  return variations.length > 0 && variations.every(({ key }) => SWITCH.includes(key));
}

function hasNumericTexts({ variations }: FlagDescription): boolean {
  const values = variations.map(({ value }) => value);
  return values.length > 0 && values.every((it) => typeof it === "string" && isNumeric(it));
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
