import { isContextual } from "../../conditions/bandit-subject.js";
import { keyName } from "../../errors/guard.js";
import { otherSpelling } from "../../errors/nearest-name.js";
import type { ScalarAttributes } from "../../model/attributes.js";
import type { BanditActions, BanditSubject, CompiledBandit } from "../../model/bandit.js";
import type { Configuration } from "../../model/configuration.js";
import { isFlag, isNested, isObject } from "./argument-kinds.js";
import {
  ACTIONS_TEXT,
  type BanditGetter,
  BEST_SUBJECT_TEXT,
  banditDefaultText,
  ITERABLE_ACTIONS_TEXT,
  MIXED_ACTIONS_TEXT,
  misnamedText,
  nestedSubjectText,
  noBanditText,
  numeralText,
  otherKindText,
  SCALAR_ACTIONS_TEXT,
  SWAPPED_BANDIT_TEXT,
  stringActionsText,
} from "./mistake-texts.js";
import type { Mistakes } from "./mistakes.js";
import { watched } from "./watched-attributes.js";

/** Finds mistakes in calls of bandits, and reports how to correct them. */
export class BanditMistakes {
  readonly #mistakes: Mistakes;

  constructor(mistakes: Mistakes) {
    this.#mistakes = mistakes;
  }

  /**
   * Reports attributes that a bandit cannot read: objects, such as attributes of only one kind, numbers as strings, and actions
   * without attributes in an object. Only used for the first calls.
   */
  noteSubject(flagKey: string, subject: unknown, actions: unknown): void {
    try {
      const { numericAttributes } = Object(subject) as { readonly numericAttributes?: object };
      const [text] = Object.entries(numericAttributes ?? {}).find(([, it]) => isNumeral(it)) ?? [];
      const [nested, inner] = Object.entries(subject ?? {}).find(([, it]) => isNested(it)) ?? [];
      const isByKind = isContextual(subject);
      const message = areMixed(actions)
        ? MIXED_ACTIONS_TEXT
        : isByKind
          ? text !== undefined && numeralText(keyName(flagKey), keyName(text))
          : nested !== undefined
            ? areAttributes(actions)
              ? SWAPPED_BANDIT_TEXT
              : nestedSubjectText(keyName(flagKey), keyName(nested), inner)
            : areAttributes(actions) && SCALAR_ACTIONS_TEXT;
      if (message === false) return;
      this.#mistakes.report(flagKey, "unreadable attributes", () => ({ message }));
    } catch {
      // A getter or a proxy of the caller may throw. This must not change the result.
    }
  }

  /**
   * Reports an attribute of a bandit's subject that the model reads as another kind, or by another spelling. To find out what
   * the model reads, the actions are scored again. Only used for the first calls.
   */
  noteReads(
    flagKey: string,
    bandit: CompiledBandit,
    subject: BanditSubject,
    actions: BanditActions,
  ): void {
    try {
      const isByKind = isContextual(subject);
      const numbers = isByKind ? subject.numericAttributes : subject;
      const categories = isByKind ? subject.categoricalAttributes : subject;
      const [readNumbers, readCategories] = [new Set<string>(), new Set<string>()];
      bandit.weighed(
        isByKind
          ? {
              numericAttributes: watched(numbers, readNumbers) as ScalarAttributes,
              categoricalAttributes: watched(categories, readCategories) as ScalarAttributes,
            }
          : (watched(subject, readNumbers) as ScalarAttributes),
        actions,
      );
      const read = new Set([...readNumbers, ...readCategories]);
      const given = Object.keys({ ...numbers, ...categories });
      for (const name of read) {
        const kind = readCategories.has(name) ? "categoricalAttributes" : "numericAttributes";
        const isReadTwice = readNumbers.has(name) && readCategories.has(name);
        const own = readCategories.has(name) ? categories : numbers;
        if (Object.hasOwn(own, name) || isReadTwice) continue;
        const unread = given.filter((it) => it === name || !read.has(it));
        const other = otherSpelling(name, unread);
        if (other === null) continue;
        const message =
          other === name
            ? otherKindText(keyName(flagKey), name, kind)
            : misnamedText(keyName(flagKey), name, keyName(other));
        const describe = () => ({ message, facts: { attribute: name } });
        this.#mistakes.report(flagKey, "attribute with another name", describe);
      }
    } catch {
      // A model may be malformed, and attributes may be a proxy that throws. Neither must change the result.
    }
  }

  /** Reports actions that have no names: a list of objects, one string, or a `Set` or `Map`. Also reports a default value that is missing or no string. */
  noteActions(
    flagKey: string,
    actions: unknown,
    defaultValue: unknown,
    getter: BanditGetter,
  ): void {
    const unnamed = Array.isArray(actions)
      ? isObject(actions[0]) && ACTIONS_TEXT
      : typeof actions === "string"
        ? stringActionsText(actions, defaultValue, getter)
        : isIterable(actions) && ITERABLE_ACTIONS_TEXT;
    const text = unnamed || banditDefaultText(defaultValue, getter);
    if (text === null) return;
    const message = text.includes(getter) ? text : `${getter}(): ${text}`;
    this.#mistakes.report(flagKey, "invalid actions", () => ({ message }));
  }

  /** Reports a flag without a bandit that could choose. Unknown flags are reported by `noteUnknown`. */
  noteNoBandit(flagKey: string, served: Configuration | null): void {
    if ((served?.bandits?.first(flagKey) ?? null) !== null || !isFlag(served, flagKey)) return;
    // A payload of models that the caller passed may be another one, such as the flags.
    const hasModels = served?.payloads.some((it) => it.part === "bandits" && it.from === "static");
    const describe = () => ({ message: noBanditText(keyName(flagKey), hasModels === true) });
    this.#mistakes.report(flagKey, "flag without a bandit", describe);
  }

  /** Reports the key of a subject where its attributes are expected. */
  noteBestSubject(flagKey: string): void {
    this.#mistakes.report(flagKey, "invalid subject", () => ({ message: BEST_SUBJECT_TEXT }));
  }
}

/** Whether a value is a `Set`, a `Map` or another iterable object. */
function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** Whether actions are an object of scalars, such as the attributes of a subject. */
function areAttributes(actions: unknown): boolean {
  const isNamed = isObject(actions) && !Array.isArray(actions);
  return isNamed && Object.values(actions as object).some((it) => !isObject(it));
}

/** Whether only some actions have attributes by kind. */
function areMixed(actions: unknown): boolean {
  if (!isObject(actions) || actions === null) return false;
  const areByKind = Object.values(actions).map((it) => isContextual(it));
  return areByKind.includes(true) && areByKind.includes(false);
}

function isNumeral(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}
