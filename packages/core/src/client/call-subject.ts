import { arePlain } from "../conditions/reader.js";
import type { Attributes } from "../model/attributes.js";
import type { Subject } from "../model/subject.js";

const NO_ATTRIBUTES: Attributes = /* @__PURE__ */ Object.freeze({});

/** The subject of one call after another. */
export class CallSubject implements Subject {
  key = "";
  attributes: Attributes = NO_ATTRIBUTES;
  /** `null`: no condition has asked yet. */
  #arePlain: boolean | null = null;

  /** Determined once for all conditions of a call. */
  get arePlain(): boolean {
    return this.#arePlain ?? this.#findOut();
  }

  #findOut(): boolean {
    this.#arePlain = arePlain(this.attributes);
    return this.#arePlain;
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
