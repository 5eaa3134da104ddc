import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "@sortition/core";
import type { Token } from "../access/tokens.js";
import type { Environment } from "../environment/environment.js";

/** What a ticket opens: the stream of changes, or the address of exposures. */
export type TicketPurpose = "events" | "exposures";

export interface TicketsOptions {
  /** At least 32 bytes; `null`: a random one. */
  readonly key: string | null;
  /** How long a ticket is the same. */
  readonly hourMs: number;
  readonly clock: Clock;
}

const KEY_BYTES = 32;

/**
 * Tickets stand for a token in addresses, because an `EventSource` and a beacon send no header, and addresses get into logs.
 * A ticket is good for its hour and the next one.
 */
export class Tickets {
  readonly #key: string | Buffer;
  readonly #hourMs: number;
  readonly #clock: Clock;

  constructor({ clock, hourMs, key }: TicketsOptions) {
    this.#key = key ?? randomBytes(KEY_BYTES);
    this.#hourMs = hourMs;
    this.#clock = clock;
  }

  /** The ticket of a token, the same in all replicas that have the same key. */
  issue(purpose: TicketPurpose, { name }: Environment, token: Token): string {
    return this.#digest(purpose, name, token, this.#hour).toString("base64url");
  }

  /** The token of an environment that a ticket stands for. */
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
    // None of these contains a blank.
    const content = [purpose, environment, sha256, hour].join(" ");
    return createHmac("sha256", this.#key).update(content).digest();
  }
}
