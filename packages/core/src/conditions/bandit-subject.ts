import type { AttributesByKind, ScalarAttributes } from "../model/attributes.js";
import type { BanditSubject } from "../model/bandit.js";

/** Whether attributes are by kind, with both members present. */
export function isContextual(value: unknown): value is AttributesByKind {
  return (
    typeof value === "object" &&
    value !== null &&
    "numericAttributes" in value &&
    "categoricalAttributes" in value
  );
}

/**
 * {@link flattened} starts with a copy of this object. If it started with a copy of another object, V8 would create a
 * new shape, which costs half a microsecond for each added member.
 */
const NOTHING: ScalarAttributes = {};

/** Combines both kinds of attributes for rules. If both kinds have a name, the categorical attribute wins. */
export function flattened(subject: BanditSubject | null | undefined): ScalarAttributes {
  if (subject === null || subject === undefined) return {};
  if (!isContextual(subject)) return subject;
  return { ...NOTHING, ...subject.numericAttributes, ...subject.categoricalAttributes };
}
