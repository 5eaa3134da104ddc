import type { Token } from "../access/tokens.js";
import type { Environment } from "../environment/environment.js";
import type { Tickets } from "./ticket.js";

/** Templates of the addresses of remote evaluation, after the environment's name. */
export const EVALUATE_ONE = "/ofrep/v1/evaluate/flags/:key";
export const EVALUATE_ALL = "/ofrep/v1/evaluate/flags";
export const EVENTS = "/ofrep/v1/events";
export const EXPOSURES = "/exposures";

/** Makes addresses with tickets, for readers that send no header. */
export class TicketAddresses {
  readonly #tickets: Tickets;
  readonly #publicUrl: URL | null;

  /** @param publicUrl - where web pages reach the relay; `null`: at the address that they use. */
  constructor(tickets: Tickets, publicUrl: string | null) {
    this.#tickets = tickets;
    this.#publicUrl = publicUrl === null ? null : new URL(publicUrl);
  }

  /** Scheme, host and port; `null`: those that the page uses. */
  get origin(): string | null {
    return this.#publicUrl?.origin ?? null;
  }

  /**
   * Path and query of the stream of changes.
   *
   * @param revision - that of the answer with this address: a change between the answer and the stream is told at once.
   */
  events(environment: Environment, token: Token, revision: string): string {
    const ticket = this.#tickets.issue("events", environment, token);
    return `${this.#path(environment, EVENTS)}?ticket=${ticket}&revision=${revision}`;
  }

  /** Where exposures are sent: path and query, or a whole URL if there is a public one. */
  exposures(environment: Environment, token: Token): string {
    const ticket = this.#tickets.issue("exposures", environment, token);
    return `${this.origin ?? ""}${this.#path(environment, EXPOSURES)}?ticket=${ticket}`;
  }

  #path({ name }: Environment, path: string): string {
    const base = this.#publicUrl?.pathname.replace(/\/$/, "") ?? "";
    return `${base}/${name}${path}`;
  }
}
