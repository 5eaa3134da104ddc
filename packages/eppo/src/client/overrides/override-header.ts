import { type Moment, momentAgo, msSince, type Readings } from "@sortition/core/internal";
import type { Requester } from "../../events/requester.js";
import type { Variation } from "../model/flag.js";

/** Content of the header of the vendor's browser extension. */
interface OverridePayload {
  readonly browserExtensionKey: string;
  readonly overrides: Record<string, Variation>;
}

const VALIDATION_URL = "https://eppo.cloud/api/flag-overrides/v1/validate-key";
const KNOWN_FOR_MS = 5 * 3_600_000;
const TIMEOUT_MS = 5_000;

/** Reads the header `x-eppo-overrides` and validates its key with the vendor's server. */
export class OverrideHeader {
  readonly #requester: Pick<Requester, "post">;
  readonly #clock: Readings;
  readonly #checkedAt = new Map<string, Moment>();

  constructor(requester: Pick<Requester, "post">, clock: Readings) {
    this.#requester = requester;
    this.#clock = clock;
  }

  /**
   * Returns the overrides of a header.
   *
   * @throws Error if the header is malformed or its key is not valid.
   */
  async read(header: string): Promise<Record<string, Variation>> {
    const { browserExtensionKey, overrides } = parse(header);
    await this.#validate(browserExtensionKey);
    return overrides;
  }

  async #validate(key: string): Promise<void> {
    const knownSince = this.#checkedAt.get(key);
    if (knownSince !== undefined && msSince(knownSince, this.#clock) < KNOWN_FOR_MS) return;
    const checkedAt = momentAgo(this.#clock);
    const { status } = await this.#requester.post(VALIDATION_URL, {
      body: { key },
      timeoutMs: TIMEOUT_MS,
      signal: new AbortController().signal,
    });
    if (status !== 200) throw new Error(`Unable to authorize key: status ${status}`);
    // Anyone can send keys in requests, so their number is limited.
    if (this.#checkedAt.size >= 100) this.#checkedAt.clear();
    this.#checkedAt.set(key, checkedAt);
  }
}

function parse(header: string): OverridePayload {
  try {
    const parsed: unknown = JSON.parse(header);
    check(parsed);
    return parsed;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown error";
    throw new Error(`Unable to parse overridePayload: ${reason}`, { cause });
  }
}

function check(parsed: unknown): asserts parsed is OverridePayload {
  if (typeof parsed !== "object" || parsed === null) {
    throw new Error(`Expected object, but received ${typeof parsed}`);
  }
  const { browserExtensionKey, overrides } = parsed as Record<string, unknown>; // an object parsed from JSON
  for (const name of ["browserExtensionKey", "overrides"]) {
    if (!Object.hasOwn(parsed, name)) throw new Error(`Missing required field: '${name}'`);
  }
  if (typeof browserExtensionKey !== "string") {
    throw new Error(invalid("browserExtensionKey", "string", typeof browserExtensionKey));
  }
  // Quirk: null is accepted as an object, and means no overrides (eppo).
  if (typeof overrides !== "object") {
    throw new Error(`${invalid("overrides", "object", typeof overrides)}.`);
  }
}

function invalid(field: string, expected: string, received: string): string {
  return `Invalid type for '${field}'. Expected ${expected}, but received ${received}`;
}
