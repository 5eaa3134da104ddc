import { isContextual } from "../../conditions/bandit-subject.js";
import type { AttributesByKind, ScalarAttributes } from "../../model/attributes.js";
import type { BanditActions, BanditSubject } from "../../model/bandit.js";

/** Attributes by kind. In flat ones, numbers are numeric and everything else is categorical. */
export function contextual(attributes: BanditSubject): AttributesByKind {
  return isContextual(attributes) ? attributes : contextOfFlat(attributes);
}

/** Splits flat attributes by kind, whatever their names are. */
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
  /** In JavaScript's order of members: names like `9` and `10` first, ascending. */
  readonly names: readonly string[];
  /** Whether all actions have attributes by kind. */
  readonly isContextual: boolean;
  /** Their attributes, in the order of the names; `null` if there are only names. */
  readonly given: readonly unknown[] | null;
}

/** Reads the actions of a call. A repeated name in a list counts once. */
export function readActions(actions: BanditActions): ActionSet {
  if (Array.isArray(actions)) {
    // Members of an object, for their order; without a prototype, so that every name is allowed.
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
  // Indexed loop: this runs for every action of every call.
  for (let i = 0; i < names.length; i++) {
    const value = attributes[names[i] as string]; // i < length
    if (!isContextual(value)) areContextual = false;
    if (value === null || value === undefined) areReadable = false;
    given[i] = value;
  }
  if (!areReadable) throw new TypeError("an action without attributes is null or undefined");
  return { names, isContextual: areContextual, given };
}

/** Attributes of one action by kind, as events have them. */
export function contextOfAction(
  { given, isContextual: areContextual }: ActionSet,
  index: number,
): AttributesByKind {
  if (given === null) return { numericAttributes: {}, categoricalAttributes: {} };
  const attributes = given[index] as BanditSubject; // an index of a name
  return areContextual ? contextual(attributes) : contextOfFlat(attributes as ScalarAttributes);
}
