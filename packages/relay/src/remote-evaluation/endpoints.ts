import type { Clock } from "@sortition/core";
import type { RelayConfig } from "../config/config.js";
import type { Endpoint } from "../http/endpoint.js";
import type { EventStreams } from "../http/event-streams.js";
import type { Refusals } from "../http/refusals.js";
import { TicketAddresses } from "./addresses.js";
import { exposuresEndpoint } from "./exposures-endpoint.js";
import { growthbookEndpoint } from "./growthbook-endpoint.js";
import { ofrepEndpoints } from "./ofrep-endpoints.js";
import { Tickets } from "./ticket.js";

export interface RemoteEvaluationOptions
  extends Pick<RelayConfig, "spreadMs" | "publicUrl" | "ticketKey"> {
  readonly refusals: Refusals;
  readonly streams: EventStreams;
  readonly clock: Clock;
  /** How long a ticket is the same. */
  readonly ticketHourMs: number;
}

/** What environments that evaluate serve, besides what the vendors' SDKs ask for. */
export function remoteEvaluation(options: RemoteEvaluationOptions): readonly Endpoint[] {
  const { clock, publicUrl, refusals, spreadMs, streams, ticketHourMs, ticketKey } = options;
  const tickets = new Tickets({ key: ticketKey, hourMs: ticketHourMs, clock });
  const addresses = new TicketAddresses(tickets, publicUrl);
  return [
    ...ofrepEndpoints({ refusals, tickets, addresses, spreadMs, streams }),
    exposuresEndpoint({ refusals, tickets }),
    growthbookEndpoint(refusals),
  ];
}
