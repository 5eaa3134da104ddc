import type { Agent, IncomingMessage } from "node:http";
import type { Message, Sender, StreamedResponse } from "./sender.js";

/**
 * Sends messages by `node:http` and `node:https`, which take a few milliseconds to load where undici takes
 * twenty. It serves a process that has no configuration yet; later looks go by undici.
 *
 * @see docs/decisions/0011-the-first-look-goes-by-node-http.md
 */
export class FirstLookSender implements Sender {
  readonly #agents = new Map<string, Agent>();

  release(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  async send({ url, method = "GET", headers, body, signal }: Message): Promise<StreamedResponse> {
    // Not in the same turn: a client that is closed where it was made needs no connection.
    await Promise.resolve();
    signal.throwIfAborted();
    const { protocol } = url;
    const http = protocol === "https:" ? await import("node:https") : await import("node:http");
    signal.throwIfAborted();
    let agent = this.#agents.get(protocol);
    if (agent === undefined) {
      agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      this.#agents.set(protocol, agent);
    }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = http.request(url, { agent, method, headers: { ...headers }, signal });
      // A caller who waits holds the process, by the timer of its own deadline.
      request.once("socket", (socket) => {
        socket.unref();
        socket.ref = () => socket; // the agent calls it with each request
      });
      request.once("response", resolve);
      request.on("error", reject);
      request.end(body);
    });
    return { statusCode: response.statusCode ?? 0, headers: response.headers, body: response };
  }
}
