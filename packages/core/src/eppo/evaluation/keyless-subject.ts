import { EvaluationError } from "../../errors/errors.js";
import type { Attributes } from "../../model/attributes.js";
import type { Scope } from "../../model/scope.js";
import type { Subject } from "../../model/subject.js";

/** A subject without a key, for formats that can evaluate one. Only reading the key fails. */
class KeylessSubject implements Subject {
  readonly attributes: Attributes;
  readonly #flagKey: string;

  constructor(attributes: Attributes, flagKey: string) {
    // Without an attribute `id`, conditions would read the key instead.
    this.attributes = { id: undefined, ...attributes };
    this.#flagKey = flagKey;
  }

  get key(): never {
    const message = `flag "${this.#flagKey}" splits by subject key, but no subject key was passed`;
    throw new EvaluationError("SORTITION_SUBJECT_KEY_MISSING", this.#flagKey, message);
  }
}

/** Returns the subject of a call. Its key cannot be read if the caller did not pass one. */
export function subjectOfCall(subject: Subject, scope: Scope, flagKey: string): Subject {
  if (scope.isKeyless !== true || subject instanceof KeylessSubject) return subject;
  return new KeylessSubject(subject.attributes, flagKey);
}
