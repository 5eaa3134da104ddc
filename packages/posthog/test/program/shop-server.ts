import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { listenOnOwnPort } from "@sortition/test-kit";

/** A request with its decompressed body. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

const flag = (id: number, key: string, filters: object): object => ({
  id,
  key,
  active: true,
  filters,
});

const DEFINITIONS = {
  flags: [
    flag(1, "banner", {
      groups: [{}],
      multivariate: {
        variants: [
          { key: "control", rollout_percentage: 50 },
          { key: "blue", rollout_percentage: 50 },
        ],
      },
      payloads: { control: '{"title":"Hello"}', blue: '{"title":"Hello in blue"}' },
    }),
    flag(2, "team-only", { groups: [{ properties: [{ key: "plan", value: ["team"] }] }] }),
    flag(3, "company-beta", { groups: [{}], aggregation_group_type_index: 0 }),
    flag(4, "static-cohort", {
      groups: [{ properties: [{ key: "id", type: "cohort", value: 99 }] }],
    }),
  ],
  group_type_mapping: { 0: "company" },
  cohorts: {},
};

const REMOTE = {
  requestId: "r-1",
  evaluatedAt: 1_700_000_000_000,
  flags: {
    "static-cohort": {
      key: "static-cohort",
      enabled: true,
      reason: { code: "condition_match", description: "Matched condition set 1" },
      metadata: { id: 4, version: 7, payload: "[1,2]" },
    },
  },
};

/** PostHog's servers on loopback. */
export class ShopServer {
  readonly requests: SeenRequest[] = [];
  /** Status of the responses to events. */
  eventStatus = 200;
  /** Delay of the responses to evaluations. */
  evaluationDelayMs = 0;
  /** Maximum number of concurrently open connections. */
  peakConnections = 0;
  readonly #server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const packed = await buffer(request);
    const bytes = headers["content-encoding"] === "gzip" ? gunzipSync(packed) : packed;
    const body: unknown = bytes.length === 0 ? null : JSON.parse(bytes.toString());
    this.requests.push({ method, target: url, headers, body });
    response.setHeader("content-type", "application/json");
    if (url.startsWith("/flags/definitions")) response.end(JSON.stringify(DEFINITIONS));
    else if (url.startsWith("/flags")) {
      await sleep(this.evaluationDelayMs);
      response.end(JSON.stringify(REMOTE));
    } else if (url === "/batch/") response.writeHead(this.eventStatus).end("{}");
    else if (url.includes("/remote_config")) response.end(JSON.stringify('{"colour":"blue"}'));
    else response.end("{}");
  });

  /** Events of all requests, in order. */
  get events(): readonly Readonly<Record<string, unknown>>[] {
    return this.requests.flatMap(({ body, target }) =>
      target === "/batch/" ? (body as { batch: Record<string, unknown>[] }).batch : [],
    );
  }

  async start(): Promise<this> {
    let open = 0;
    this.#server.on("connection", (socket) => {
      open += 1;
      this.peakConnections = Math.max(this.peakConnections, open);
      socket.once("close", () => void open--);
    });
    await listenOnOwnPort(this.#server);
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on a port
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
