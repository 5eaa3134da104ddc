import type { Attributes } from "../../model/attributes.js";
import type { Subject } from "../../model/subject.js";

const NO_ATTRIBUTES: Attributes = /* @__PURE__ */ Object.freeze({});

/** The subject of a call. The object is reused for later calls. */
export class CallSubject implements Subject {
  key = "";
  attributes: Attributes = NO_ATTRIBUTES;
  #arePlain: boolean | null = null;

  /** An accessor instead of a field, so that a dialect's copy with other attributes does not contain it. */
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

  /** Releases the caller's objects. */
  end(): void {
    this.key = "";
    this.attributes = NO_ATTRIBUTES;
    this.#arePlain = null;
  }
}
