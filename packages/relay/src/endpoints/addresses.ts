import type { Token } from "../access/tokens.js";
import type { Environment } from "../environment/environment.js";
import type { Tickets } from "./ticket.js";

/** Path templates of remote evaluation, after the environment's name. */
export const EVALUATE_ONE = "/ofrep/v1/evaluate/flags/:key";
export const EVALUATE_ALL = "/ofrep/v1/evaluate/flags";
export const EVENTS = "/ofrep/v1/events";
export const EXPOSURES = "/exposures";

/** Creates addresses that contain a ticket, for clients that cannot send headers. */
export class TicketAddresses {
  readonly #tickets: Tickets;
  readonly #publicUrl: URL | null;

  /** @param publicUrl - URL of the relay for web pages; `null`: the address that they used. */
  constructor(tickets: Tickets, publicUrl: string | null) {
    this.#tickets = tickets;
    this.#publicUrl = publicUrl === null ? null : new URL(publicUrl);
  }

  /** Scheme, host and port; `null`: those that the page used. */
  get origin(): string | null {
    return this.#publicUrl?.origin ?? null;
  }

  /**
   * Returns path and query of the change stream.
   *
   * @param revision - revision of the response that contains this address. A later change is sent as soon as the stream opens.
   */
  events(environment: Environment, token: Token, revision: string): string {
    const ticket = this.#tickets.issue("events", environment, token);
    return `${this.#path(environment, EVENTS)}?ticket=${ticket}&revision=${revision}`;
  }

  /** Returns the address that accepts exposures: a full URL if there is a public one, otherwise path and query. */
  exposures(environment: Environment, token: Token): string {
    const ticket = this.#tickets.issue("exposures", environment, token);
    return `${this.origin ?? ""}${this.#path(environment, EXPOSURES)}?ticket=${ticket}`;
  }

  #path({ name }: Environment, path: string): string {
    const base = this.#publicUrl?.pathname.replace(/\/$/, "") ?? "";
    return `${base}/${name}${path}`;
  }
}
