import { once } from "node:events";
import { connect } from "node:net";

/** A request that no browser sends, as bytes in Latin-1. */
interface HostileRequest {
  readonly name: string;
  readonly bytes: string;
  /** Whether the client closes the connection instead of sending the rest. */
  readonly isAborted?: boolean;
}

const END = "\r\nconnection: close\r\n\r\n";

/** Returns requests that ended the process of a server which read them carelessly. */
function hostileRequests(path: string): readonly HostileRequest[] {
  const post = `POST ${path} HTTP/1.1\r\nhost: shop.example`;
  const abortedBody = `${post}\r\ncontent-length: 1000\r\n\r\n{"t`;
  const abortedChunk = `${post}\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"t`;
  // In several chunks, so that a server receives more after it has responded.
  const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
  const longBody = `${post}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(16)}0\r\n\r\n`;
  const withHost = (host: string) => `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0`;
  const withTarget = (target: string, method = "POST") =>
    `${method} ${target} HTTP/1.1\r\nhost: shop.example\r\ncontent-length: 0`;
  return [
    { name: "an aborted body", bytes: abortedBody, isAborted: true },
    { name: "an aborted chunk", bytes: abortedChunk, isAborted: true },
    { name: "a chunked body over 16 KiB", bytes: longBody },
    { name: "a Host that is no host", bytes: withHost("a b/[") + END },
    { name: "a Host above ASCII", bytes: withHost("caf\u00e9.example") + END },
    { name: "a Host with an impossible port", bytes: withHost("shop.example:99999") + END },
    { name: "no Host", bytes: `POST ${path} HTTP/1.0\r\ncontent-length: 0${END}` },
    { name: "TRACE", bytes: withTarget(path, "TRACE") + END },
    { name: "a target that looks like a host", bytes: withTarget("//evil:99999/x") + END },
    { name: "a target that is no address", bytes: withTarget("http://[x") + END },
    { name: "a GET of no address", bytes: withTarget("http://[x", "GET") + END },
    { name: "a target without a path", bytes: withTarget("*", "OPTIONS") + END },
    { name: "a target with half an escape", bytes: withTarget(`${path}/%E0%A`) + END },
    { name: "a header above ASCII", bytes: `${withTarget(path)}\r\ncontent-type: \u00ff${END}` },
    { name: "a header named __proto__", bytes: `${withTarget(path)}\r\n__proto__: x${END}` },
  ];
}

/**
 * Sends hostile requests to a server on loopback, one after the other.
 *
 * @param url - address of a route that accepts POST.
 * @returns the status of each response by the request's name. 0: no response.
 */
export async function sendHostileRequests(url: string): Promise<Readonly<Record<string, number>>> {
  const { pathname, port } = new URL(url);
  const statuses: Record<string, number> = {};
  for (const { bytes, isAborted = false, name } of hostileRequests(pathname)) {
    const socket = connect(Number(port), "127.0.0.1").setEncoding("latin1");
    let answer = "";
    socket.on("data", (text) => {
      answer += text;
    });
    socket.on("error", () => {}); // the server may reset the connection
    const closed = once(socket, "close").catch(() => {});
    socket.write(bytes, "latin1", () => {
      if (isAborted) socket.end().destroySoon();
    });
    await closed;
    statuses[name] = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
  }
  return statuses;
}
