import type { Clock } from "@sortition/core";
import type { TokenUses } from "../access/token-uses.js";
import type { RelayConfig } from "../config/config.js";
import type { Endpoint } from "../http/endpoint.js";
import type { EventStreams } from "../http/event-streams.js";
import type { Refusals } from "../http/refusals.js";
import { TicketAddresses } from "./addresses.js";
import { exposuresEndpoint } from "./exposures-endpoint.js";
import { growthbookEndpoint } from "./growthbook-endpoint.js";
import { manifestEndpoint } from "./manifest/endpoint.js";
import { ofrepEndpoints } from "./ofrep/endpoints.js";
import { Tickets } from "./ticket.js";
import { EvaluationTurns } from "./turns.js";

export interface EndpointsOptions
  extends Pick<RelayConfig, "spreadMs" | "publicUrl" | "ticketKey"> {
  readonly refusals: Refusals;
  readonly streams: EventStreams;
  readonly tokenUses: TokenUses;
  readonly clock: Clock;
  /** How long the same ticket is issued. */
  readonly ticketHourMs: number;
}

/** Creates the endpoints that any vendor's environments have: evaluations and exposures, and OpenFeature's manifest. */
export function createEndpoints(options: EndpointsOptions): readonly Endpoint[] {
  const { clock, publicUrl, refusals, spreadMs, streams, ticketHourMs, ticketKey, tokenUses } =
    options;
  const tickets = new Tickets(ticketKey, ticketHourMs, clock);
  const turns = new EvaluationTurns(clock);
  const addresses = new TicketAddresses(tickets, publicUrl);
  return [
    ...ofrepEndpoints({ refusals, tickets, tokenUses, addresses, spreadMs, streams, turns }),
    exposuresEndpoint({ refusals, tickets, tokenUses, turns }),
    growthbookEndpoint({ refusals, tokenUses }),
    manifestEndpoint({ refusals, clock, tokenUses }),
  ];
}
