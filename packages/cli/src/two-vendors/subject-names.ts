import type { JsonObject } from "../evaluate/request.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { VendorMap } from "./vendor-map.js";

/** Translates the keys and attributes of subjects between OLD and NEW. */
export class SubjectNames {
  readonly #newNames: ReadonlyMap<string, string>;
  readonly #oldNames: ReadonlyMap<string, string>;
  readonly #subject: string | null;

  constructor({ attributes, subject }: Pick<VendorMap, "attributes" | "subject">) {
    this.#newNames = attributes;
    this.#oldNames = new Map([...attributes].map(([old, now]) => [now, old]));
    this.#subject = subject;
  }

  /** An attribute with the key of NEW that is a `bigint`; `null` if there is none. */
  roundedKey({ attributes }: JudgedSubject): string | null {
    const name = this.#subject;
    return name !== null && typeof attributes[name] === "bigint" ? name : null;
  }

  /** The name in OLD of an attribute of NEW. */
  oldName(name: string): string {
    return this.#oldNames.get(name) ?? name;
  }

  /** The name in NEW of an attribute of OLD. */
  newName(name: string): string {
    return this.#newNames.get(name) ?? name;
  }

  /** The subject with the key and attribute names of NEW. */
  inNew(subject: JudgedSubject): JudgedSubject {
    if (this.#newNames.size === 0 && this.#subject === null) return subject;
    const { attributes, key, retyped = [] } = subject;
    const own = this.#subject === null ? undefined : attributes[this.#subject];
    const newKey = typeof own === "string" || typeof own === "number" ? String(own) : key;
    return {
      key: newKey,
      attributes: this.#named(attributes),
      retyped: retyped.map((it) => ({ ...it, attributes: this.#named(it.attributes) })),
    };
  }

  /** Attributes of NEW under their names in OLD. */
  inOld(attributes: JsonObject): JsonObject {
    const named = Object.entries(attributes).map(([name, value]) => [this.oldName(name), value]);
    return Object.fromEntries(named);
  }

  #named(attributes: JsonObject): JsonObject {
    const named = Object.entries(attributes).map(([name, value]) => [this.newName(name), value]);
    return Object.fromEntries(named);
  }
}
