import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "@sortition/core";
import type { Token } from "../access/tokens.js";
import type { Environment } from "../environment/environment.js";

/** What a ticket grants access to: the change stream, or the endpoint for exposures. */
export type TicketPurpose = "events" | "exposures";

const KEY_BYTES = 32;

/**
 * Issues tickets, which replace a token in addresses. `EventSource` and beacons cannot send headers, and addresses end up in
 * logs, so they must not contain a token. A ticket expires one to two hours after it was issued.
 */
export class Tickets {
  readonly #key: string | Buffer;
  readonly #hourMs: number;
  readonly #clock: Clock;

  /**
   * @param key - at least 32 bytes; `null`: a random key.
   * @param hourMs - how long the same ticket is issued.
   */
  constructor(key: string | null, hourMs: number, clock: Clock) {
    this.#key = key ?? randomBytes(KEY_BYTES);
    this.#hourMs = hourMs;
    this.#clock = clock;
  }

  /** Returns the ticket of a token. Replicas with the same key return the same ticket. */
  issue(purpose: TicketPurpose, { name }: Environment, token: Token): string {
    return this.#digest(purpose, name, token, this.#hour).toString("base64url");
  }

  /** Returns the token that a ticket was issued for, or `null`. */
  find(purpose: TicketPurpose, { name, tokens }: Environment, ticket: string): Token | null {
    const given = Buffer.from(ticket, "base64url");
    const hour = this.#hour;
    for (const token of tokens.with("evaluate")) {
      for (const it of [hour, hour - 1]) {
        const expected = this.#digest(purpose, name, token, it);
        if (given.length === expected.length && timingSafeEqual(given, expected)) return token;
      }
    }
    return null;
  }

  get #hour(): number {
    return Math.floor(this.#clock.now() / this.#hourMs);
  }

  #digest(purpose: TicketPurpose, environment: string, { sha256 }: Token, hour: number): Buffer {
    // None of these contains a space.
    const content = [purpose, environment, sha256, hour].join(" ");
    return createHmac("sha256", this.#key).update(content).digest();
  }
}
