import { once } from "node:events";
import { createServer as createPlain } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSignedCertificate } from "../../tools/test-kit/src/index.js";
import { answerOf } from "./vendor-answers.js";

/** Servers on loopback whose response depends on the first segment of the path. */
export interface MistakeServers {
  /** Values of the words in capitals. */
  readonly places: Readonly<Record<"BASE_URL" | "PLAIN_PORT" | "TLS_PORT", string>>;
  /** Paths of POST requests, without their queries. */
  readonly posted: readonly string[];
  close(): void;
}

/** The first bytes of a truncated response. */
const HALF = '{"flags":[{"key":';

/** Starts a server with HTTP, and one with a self-signed certificate. */
export async function startMistakeServers(): Promise<MistakeServers> {
  const posted: string[] = [];
  const plain = createPlain(({ method, url = "" }, response) => {
    if (method === "POST") posted.push(url.split("?", 1)[0] ?? "");
    const [, first = ""] = url.split("/");
    if (first === "hang") return;
    if (first === "html") response.end("<!doctype html><p>Log in");
    else if (first === "empty") response.end();
    else if (first === "half") response.end(HALF);
    else if (first === "cut") {
      response.writeHead(200, { "content-length": 99 }).write(HALF, () => response.destroy());
    } else if (first === "reset") response.destroy();
    else if (first === "moved") response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
    else if (/^\d+$/.test(first)) response.writeHead(Number(first)).end();
    else if (url.startsWith("/none/")) response.end("[]");
    else if (url.startsWith("/ok/")) response.end(JSON.stringify(answerOf(url)));
    else response.writeHead(404).end();
  });
  const secure = createSecure(selfSignedCertificate(), (_, response) => void response.end("{}"));
  const servers = [plain, secure];
  await Promise.all(servers.map((it) => once(it.listen(0, "127.0.0.1"), "listening")));
  const [plainPort, tlsPort] = servers.map((it) => `${(it.address() as AddressInfo).port}`); // they listen on TCP
  return {
    places: {
      BASE_URL: `http://127.0.0.1:${plainPort}`,
      PLAIN_PORT: plainPort ?? "",
      TLS_PORT: tlsPort ?? "",
    },
    posted,
    close() {
      for (const server of servers) server.close();
    },
  };
}
