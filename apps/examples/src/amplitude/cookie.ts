// For production: set AMPLITUDE_API_KEY, the key that your pages initialise the browser SDK with, and the domain.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { AmplitudeCookie } from "@sortition/amplitude";

const apiKey = process.env["AMPLITUDE_API_KEY"] ?? "0123456789abcdef";

/** A cookie of the request, decoded. */
function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const pairs = (headers.cookie ?? "").split("; ").map((pair) => pair.split("="));
  const [, value] = pairs.find(([key]) => key === name) ?? [];
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined; // any client can send a malformed cookie
  }
}

const server = createServer((request, response) => {
  // The format of Browser SDK 2, or that of its predecessors.
  const current = cookieOf(request, AmplitudeCookie.cookieName(apiKey, true));
  const former = cookieOf(request, AmplitudeCookie.cookieName(apiKey));
  const known =
    current === undefined
      ? former && AmplitudeCookie.parse(former).device_id
      : AmplitudeCookie.parse(current, true).device_id;
  const deviceId = known ?? randomUUID();
  if (known === undefined) {
    const value = encodeURIComponent(AmplitudeCookie.generate(deviceId, true));
    const name = AmplitudeCookie.cookieName(apiKey, true);
    // The browser SDK reads it: neither HttpOnly nor, for pages without TLS, Secure.
    response.setHeader("set-cookie", `${name}=${value}; Domain=localhost; Path=/; SameSite=Lax`);
  }
  response.end(known === undefined ? "new" : deviceId);
});

await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const first = await fetch(url);
const [cookie = ""] = (first.headers.get("set-cookie") ?? "").split(";");
console.log("first visit:", await first.text(), "and", cookie.split("=")[0]);

const second = await fetch(url, { headers: { cookie } });
console.log("second visit:", await second.text());

const old = `${AmplitudeCookie.cookieName(apiKey)}=device-7...1f1gkeib1.1f1gkeib1.dv.1ir.20q`;
const third = await fetch(url, { headers: { cookie: old } });
console.log("with the former cookie:", await third.text());

server.close();
server.closeAllConnections();

// Prints:
//   first visit: new and AMP_0123456789
//   second visit: …-…-…-…-…
//   with the former cookie: device-7
