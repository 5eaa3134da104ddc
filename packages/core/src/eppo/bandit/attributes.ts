import { isContextual } from "../../conditions/bandit-subject.js";
import type { AttributesByKind, ScalarAttributes } from "../../model/attributes.js";
import type { BanditActions, BanditSubject } from "../../model/bandit.js";

/** Returns attributes by kind. In flat attributes, numbers are numeric and everything else is categorical. */
export function contextual(attributes: BanditSubject): AttributesByKind {
  return isContextual(attributes) ? attributes : contextOfFlat(attributes);
}

/** Splits flat attributes by kind, even if their names are those of the two kinds. */
export function contextOfFlat(flat: ScalarAttributes): AttributesByKind {
  const entries = Object.entries(flat);
  const isNumeric = ([, value]: (typeof entries)[number]): boolean => typeof value === "number";
  return {
    numericAttributes: Object.fromEntries(entries.filter(isNumeric)),
    categoricalAttributes: Object.fromEntries(entries.filter((entry) => !isNumeric(entry))),
  };
}

/** The actions of one call. */
export interface ActionSet {
  /** In JavaScript's order of members: names such as `9` and `10` come first, in ascending order. */
  readonly names: readonly string[];
  /** Whether all actions have attributes by kind. */
  readonly isContextual: boolean;
  /** Their attributes, in the order of the names. `null` if only names were passed. */
  readonly given: readonly unknown[] | null;
}

/** Reads the actions of a call. A name that is repeated in a list is counted once. */
export function readActions(actions: BanditActions): ActionSet {
  if (Array.isArray(actions)) {
    // An object determines the order of members. It has no prototype, so that every name is allowed.
    const byName: Record<string, true> = Object.create(null);
    actions.forEach((name: string) => {
      byName[name] = true;
    });
    return { names: Object.keys(byName), isContextual: true, given: null };
  }
  const attributes = actions as Readonly<Record<string, unknown>>; // not a list
  const names = Object.keys(attributes);
  const given = new Array<unknown>(names.length);
  let areContextual = true;
  let areReadable = true;
  // Indexed loop, because this runs for every action of every call.
  for (let i = 0; i < names.length; i++) {
    const value = attributes[names[i] as string]; // i < length
    if (!isContextual(value)) areContextual = false;
    if (value === null || value === undefined) areReadable = false;
    given[i] = value;
  }
  if (!areReadable) throw new TypeError("an action without attributes is null or undefined");
  return { names, isContextual: areContextual, given };
}

/** Returns the attributes of one action by kind, as in events. */
export function contextOfAction(
  { given, isContextual: areContextual }: ActionSet,
  index: number,
): AttributesByKind {
  if (given === null) return { numericAttributes: {}, categoricalAttributes: {} };
  const attributes = given[index] as BanditSubject;
  return areContextual ? contextual(attributes) : contextOfFlat(attributes as ScalarAttributes);
}
