import type { VendorAny } from "../../dialect/vendor-any.js";
import type { StickyAssignmentsDocument } from "../../dialect/wire.js";
import { parseDocument, StickyBucketServiceSync } from "./service.js";

/** Options of a cookie. */
export interface CookieAttributes {
  expires?: number | Date | undefined;
  path?: string | undefined;
  domain?: string | undefined;
  secure?: boolean | undefined;
  sameSite?: "strict" | "Strict" | "lax" | "Lax" | "none" | "None" | undefined;
  [property: string]: VendorAny;
}

/** An Express request with `cookie-parser`. */
export interface RequestCompat {
  cookies: Record<string, string>;
  [key: string]: unknown;
}

/** An Express response. */
export interface ResponseCompat {
  /** Sets a cookie. */
  cookie(name: string, value: string, options?: CookieAttributes): unknown;
  [key: string]: unknown;
}

const DEFAULT_MAX_AGE_MS = 180 * 24 * 3_600 * 1_000;

/** Stores the assignments of one visitor in cookies, one per attribute value. */
export class ExpressCookieStickyBucketService extends StickyBucketServiceSync {
  readonly #request: RequestCompat;
  readonly #response: ResponseCompat;
  readonly #cookieAttributes: CookieAttributes;

  /** @param options - request and response. Cookies last 180 days unless `cookieAttributes` are given. */
  constructor(options: {
    prefix?: string | undefined;
    req: RequestCompat;
    res: ResponseCompat;
    cookieAttributes?: CookieAttributes | undefined;
  }) {
    super();
    this.prefix = options.prefix ?? "gbStickyBuckets__";
    this.#request = options.req;
    this.#response = options.res;
    this.#cookieAttributes = options.cookieAttributes ?? { maxAge: DEFAULT_MAX_AGE_MS };
  }

  getAssignmentsSync(
    attributeName: string,
    attributeValue: string,
  ): StickyAssignmentsDocument | null {
    return parseDocument(this.#request?.cookies?.[this.getKey(attributeName, attributeValue)]);
  }

  saveAssignmentsSync(doc: StickyAssignmentsDocument): void {
    // Express does not encode names and values, but `cookie-parser` decodes values.
    this.#response?.cookie(
      encodeURIComponent(this.getKey(doc.attributeName, doc.attributeValue)),
      encodeURIComponent(JSON.stringify(doc)),
      this.#cookieAttributes,
    );
  }
}
