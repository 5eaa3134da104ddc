import type { Attributes } from "../../model/attributes.js";
import type { Subject } from "../../model/subject.js";

const NO_ATTRIBUTES: Attributes = /* @__PURE__ */ Object.freeze({});

/** The subject of one call after another. */
export class CallSubject implements Subject {
  key = "";
  attributes: Attributes = NO_ATTRIBUTES;
  #arePlain: boolean | null = null;

  /** No field: a dialect's copy with other attributes must not take it along. */
  get arePlain(): boolean | null {
    return this.#arePlain;
  }

  set arePlain(arePlain: boolean | null) {
    this.#arePlain = arePlain;
  }

  begin(key: string, attributes: Attributes | null | undefined): void {
    this.key = key;
    this.attributes = attributes ?? NO_ATTRIBUTES;
  }

  /** Releases what belongs to the caller. */
  end(): void {
    this.key = "";
    this.attributes = NO_ATTRIBUTES;
    this.#arePlain = null;
  }
}
