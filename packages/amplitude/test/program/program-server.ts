import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { listenOnOwnPort } from "@sortition/test-kit";
import { flagOf } from "../client/local/flags.js";
import { cohortFlag } from "../source/cohort-server.js";

/** A request sent by the program. */
export interface SentRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

const VARIANTS = {
  banner: { key: "on", value: "on", payload: { title: "Hello" }, metadata: { segmentName: "all" } },
  checkout: { key: "off", metadata: { default: true } },
};

const FLAGS: readonly object[] = [
  cohortFlag("members", "c1"),
  flagOf("banner", "on", { experimentKey: "exp-1", flagVersion: 3 }),
  flagOf("checkout", "off", { default: true }),
  { ...flagOf("dependent"), dependencies: ["banner"] },
  flagOf("slot", "slot-1", { flagType: "mutual-exclusion-group" }),
];

const COHORT = {
  ...{ cohortId: "c1", groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified: 2 },
  ...{ size: 1, memberIds: ["alice"] },
};

/** Amplitude's servers for one program: variants, flags, cohorts and uploads. */
export class ProgramServer {
  readonly requests: SentRequest[] = [];
  readonly events: Record<string, unknown>[] = [];
  readonly #server: Server;
  #failures = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        const { headers, method = "", url = "/" } = request;
        if (url !== "/uploaded") this.requests.push({ method, target: url, headers });
        const [status, answer] = this.#answer(url, headers, body);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer));
      });
    });
  }

  static async start(): Promise<ProgramServer> {
    const server = new ProgramServer();
    await listenOnOwnPort(server.#server);
    return server;
  }

  get url(): string {
    // A TCP server has an address of this type.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(url: string, headers: IncomingHttpHeaders, body: string): readonly [number, unknown] {
    const { pathname } = new URL(url, "http://localhost");
    switch (pathname) {
      case "/sdk/v2/vardata": {
        const user = Buffer.from(String(headers["x-amp-exp-user"]), "base64url").toString();
        if (user.includes("refused")) return [400, {}];
        if (user.includes("fails-once") && this.#failures++ === 0) return [503, {}];
        return [200, VARIANTS];
      }
      case "/sdk/v2/flags":
        return [200, FLAGS];
      case "/sdk/v1/cohort/c1":
        return [200, COHORT];
      case "/2/httpapi":
        this.events.push(...(JSON.parse(body) as { events: Record<string, unknown>[] }).events);
        return [200, { code: 200 }];
      case "/uploaded":
        return [200, { events: this.events.length }];
      default:
        return [404, {}];
    }
  }
}
