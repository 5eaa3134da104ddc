import type { Agent, AgentOptions, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionOptions } from "./connections.js";
import type { Message, Sender, SendRequest, StreamedResponse } from "./sender.js";

/** How long an idle connection is kept, as in undici. */
const IDLE_MS = 4_000;

/**
 * Sends messages with `node:http` and `node:https`, which load in a few milliseconds, while undici
 * takes 75 to 100. Used while a process has no configuration yet, or cannot load undici.
 *
 * @see docs/decisions/0011-the-first-request-uses-node-http.md
 */
export class NodeSender implements Sender {
  readonly #options: AgentOptions;
  readonly #agents = new Map<string, Agent>();
  made = 0;

  constructor(options: Pick<ConnectionOptions, "connections" | "sockets"> = ONE_CONNECTION) {
    this.#options = agentOptions(options);
  }

  release(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  send(message: Message): Promise<StreamedResponse> {
    const agentOf: AgentOf = (protocol, { Agent }) => {
      const agent = this.#agents.get(protocol) ?? new Agent(this.#options);
      this.#agents.set(protocol, agent);
      return agent;
    };
    return sendBy(message, agentOf, (socket) => {
      if (!Object.hasOwn(socket, "ref")) this.made += 1;
      // The deadline timer of a waiting caller keeps the process alive.
      socket.unref();
      socket.ref = () => socket; // the agent calls it for each request
    });
  }
}

const ONE_CONNECTION = { connections: 1, sockets: {} };

/** An agent probes exactly the connections that it reuses, so `sockets.keepAlive` has no effect. */
function agentOptions({
  connections,
  sockets,
}: Pick<ConnectionOptions, "connections" | "sockets">): AgentOptions {
  const { family, isReused = true, keepAliveInitialDelayMs, localAddress, noDelay } = sockets;
  return {
    keepAlive: isReused,
    maxSockets: connections ?? Number.POSITIVE_INFINITY,
    timeout: IDLE_MS,
    ...(keepAliveInitialDelayMs === undefined ? {} : { keepAliveMsecs: keepAliveInitialDelayMs }),
    ...(noDelay === undefined ? {} : { noDelay }),
    ...(family === undefined ? {} : { family }),
    ...(localAddress === undefined ? {} : { localAddress }),
  };
}

/**
 * Sends `https:` requests with the user's agent, and others with Node's default agent. Neither
 * agent is destroyed.
 */
export function sendByAgent(agent: Agent): SendRequest {
  return (message) =>
    sendBy(
      message,
      (protocol) => (protocol === "https:" ? agent : undefined),
      () => {},
    );
}

/** Matches the source of the built-in `request` of Node.js, Bun and Deno. */
const OWN_REQUEST = /^function request\(/;

/**
 * Sends with `node:http` and `node:https` while their `request` is replaced: by nock, msw, a stub
 * or a tracer.
 */
export function sendByReplacedHttp(message: Message): Promise<StreamedResponse> | null {
  const isSecure = message.url.protocol === "https:";
  const { request } = process.getBuiltinModule(isSecure ? "node:https" : "node:http");
  if (OWN_REQUEST.test(Function.prototype.toString.call(request))) return null;
  return sendBy(
    message,
    () => undefined,
    () => {},
  );
}

type AgentOf = (
  protocol: string,
  http: Pick<typeof import("node:http"), "Agent">,
) => Agent | undefined;

async function sendBy(
  { url, method = "GET", headers, body, signal }: Message,
  agentOf: AgentOf,
  onSocket: (socket: Socket) => void,
): Promise<StreamedResponse> {
  // Deferred, because a client that is closed in the turn that created it needs no connection.
  await Promise.resolve();
  signal.throwIfAborted();
  const { protocol } = url;
  // Uses the default export, because a namespace does not show that `request` was replaced.
  const http = (protocol === "https:" ? await import("node:https") : await import("node:http"))
    .default;
  signal.throwIfAborted();
  const agent = agentOf(protocol, http);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = http.request(url, { agent, method, headers: { ...headers }, signal });
    request.once("socket", onSocket);
    request.once("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
  return { statusCode: response.statusCode ?? 0, headers: response.headers, body: response };
}
