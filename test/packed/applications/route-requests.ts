import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "vitest";
import { sendHostileRequests } from "../../../tools/test-kit/src/hostile-requests.ts";
import type { Shop } from "./shop.ts";

const OWN = { "sec-fetch-site": "same-origin" };

/** The counters of the routes. */
interface Counters {
  readonly aborted: number;
  readonly consumed: number;
}

/** How the routes of an application are tested. */
export interface TestedRoutes extends Shop {
  /** Address of the application. */
  readonly url: string;
  /** Whether the server refuses forms before our route. */
  readonly hasForms: boolean;
  /** Whether a body can be read after the visitor left. */
  readonly keepsBodies: boolean;
}

/**
 * Sends a page's requests to the routes of an application, and requests that no page sends.
 *
 * @returns the statuses of hostile requests by name.
 */
export async function exerciseRoutes({
  ask,
  hasForms,
  keepsBodies,
  newBody,
  url,
  visitors,
}: TestedRoutes): Promise<Readonly<Record<string, number>>> {
  const post = async (path: string, body: string) => {
    const headers = { "content-type": "application/json", origin: url };
    return (await fetch(url + path, { method: "POST", headers, body })).status;
  };
  const submit = async (fields: Record<string, string>) => {
    const response = await fetch(`${url}/api/overrides`, {
      method: "POST",
      headers: { ...OWN, origin: url },
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
    return [response.status, response.headers.get("set-cookie")?.split(";").slice(0, 2).join(";")];
  };
  const token = await ask<string>("token");
  expect(await post("/api/exposures", await newBody())).toBe(204);
  const page = await fetch(`${url}/api/overrides?t=${token}`);
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.stringContaining("Show these variations"),
  ]);
  if (hasForms) {
    const set = expect.stringMatching(/^sortition_overrides=1\.[\w-]+; Max-Age=\d\d$/);
    expect(await submit({ t: token })).toEqual([303, set]);
    expect(await submit({ remove: "all" })).toEqual([303, "sortition_overrides=; Max-Age=0"]);
    expect(await submit({})).toEqual([400, undefined]);
  } else expect((await submit({ t: token }))[0]).toBe(415);
  expect(await post("/api/moved", await newBody())).toBe(204);
  const ofOther = await newBody("other");
  expect(await post("/api/exposures", ofOther)).toBe(400);
  expect(await post("/api/other", ofOther)).toBe(204);
  const { consumed } = await ask<Counters>("counters");
  const isLogged = (await post("/api/read", await newBody())) === 204;
  if (!isLogged) visitors.pop();
  const counted = isLogged ? consumed : consumed + 1;
  expect(await ask("counters")).toMatchObject({ consumed: counted });
  for (const path of ["/api/exposures", "/api/slow"]) {
    const lost = await leaveEarly(ask, url + path, [await newBody(), await newBody()]);
    if (path === "/api/exposures" || keepsBodies) expect(lost).toBe(0);
    else {
      const logged = await ask<string[]>("logged");
      visitors.push(...visitors.splice(-2).filter((it) => logged.includes(it)));
    }
  }
  const { "no Host": _, ...statuses } = await sendHostileRequests(`${url}/api/exposures`);
  expect(await post("/api/exposures", await newBody())).toBe(204);
  const logged = await ask<string[]>("logged");
  expect(logged.toSorted()).toEqual(visitors.toSorted());
  return statuses;
}

/** Logs a visitor in, over and out, and expects the token of each page to be for the new visitor. */
export async function expectOwnTokens(
  { ask, visitors }: Shop,
  url: string,
  path: string,
): Promise<void> {
  const headers = { cookie: "uid=alice", origin: url };
  const post = (to: string, body: FormData | string) =>
    fetch(url + to, { method: "POST", headers, body });
  for (const user of ["bob", "alice", ""]) {
    const form = new FormData();
    const page = await (await fetch(url + path, { headers })).text();
    for (const [, name = ""] of page.matchAll(/<input type="hidden" name="([^"]+)"/g))
      form.set(name, "");
    form.set("user", user);
    const response = await post(`${path}?user=${user}`, form);
    const [token] = /\b1\.[\w-]{60,}/.exec(await response.text()) ?? [];
    expect([response.status, token !== undefined]).toEqual([200, user !== ""]);
    if (token === undefined) continue;
    const posted = await post("/api/exposures", JSON.stringify({ t: token, f: [0] }));
    expect(posted.status).toBe(204);
    if (!visitors.includes(user)) visitors.push(user);
    expect((await ask<string[]>("logged")).toSorted()).toEqual(visitors.toSorted());
  }
}

/** Sends complete requests, and closes their connections while the server waits. Returns how many it counts as aborted. */
async function leaveEarly(
  ask: TestedRoutes["ask"],
  url: string,
  bodies: readonly string[],
): Promise<number> {
  const { hostname, pathname, port } = new URL(url);
  const before = await ask<Counters>("counters");
  const logged = (await ask<string[]>("logged")).length;
  const lost = async () => (await ask<Counters>("counters")).aborted - before.aborted;
  await ask("close");
  const sockets = bodies.map((body) => {
    const socket = connect(Number(port), hostname).on("error", () => {});
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\norigin: ${url}\r\ncontent-type: application/json`;
    socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    return socket;
  });
  await expect.poll(() => ask("waiting")).toBe(bodies.length);
  for (const socket of sockets) {
    socket.destroy();
    if (!socket.closed) await once(socket, "close");
  }
  await ask("open");
  await expect
    .poll(async () => (await ask<string[]>("logged")).length - logged + (await lost()))
    .toBe(bodies.length);
  return await lost();
}
