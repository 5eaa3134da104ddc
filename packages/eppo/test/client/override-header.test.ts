import { createFakeClock, ownFetch, type TestServer } from "@sortition/test-kit";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { OverrideHeader } from "../../src/client/overrides/override-header.js";
import { VENDOR } from "../sdks.js";
import { openShop, startServer, withBoth } from "./shop.js";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterEach(() => vi.unstubAllGlobals());
afterAll(() => server.close());

/** Results or errors of reading headers, and the requests to the vendor's server. */
interface Outcome {
  readonly results: readonly unknown[];
  readonly asked: readonly unknown[];
}

async function outcomeOf(
  read: (header: string) => Promise<unknown>,
  headers: readonly string[],
  asked: readonly unknown[],
): Promise<Outcome> {
  const results: unknown[] = [];
  for (const header of headers) {
    results.push(await read(header).catch((error: Error) => textOf(error)));
  }
  return { results, asked };
}

/** Removes texts that depend on the JavaScript engine or a status. */
function textOf({ message }: Error): string {
  const [what = "", why = ""] = message.split(/: (.*)/s);
  return /^(Expected|Missing|Invalid)/.test(why) ? message : what;
}

async function vendors(headers: readonly string[], status: number): Promise<Outcome> {
  const { client } = await openShop(VENDOR, server);
  const asked: unknown[] = [];
  const double = async (url: string, { body, method }: RequestInit) => {
    asked.push({ url, method, body });
    return new Response("", { status });
  };
  vi.stubGlobal("fetch", ownFetch(double));
  return outcomeOf((header) => client.parseOverrides(header), headers, asked);
}

function ours(headers: readonly string[], status: number): Promise<Outcome> {
  const asked: unknown[] = [];
  const requester = {
    async post(url: string, { body }: { body: unknown }) {
      asked.push({ url, method: "POST", body: JSON.stringify(body) });
      return { status, header: () => null, body: new Uint8Array() };
    },
  };
  const reader = new OverrideHeader(requester, createFakeClock());
  return outcomeOf((header) => reader.read(header), headers, asked);
}

const header = (overrides: unknown, browserExtensionKey: unknown = "key"): string =>
  JSON.stringify({ browserExtensionKey, overrides });

describe("parseOverrides of both packages", () => {
  it.each([
    {
      what: "a key that is valid, asked about once",
      headers: [header({ f: { key: "on", value: true } }), header({})],
      status: 200,
    },
    { what: "another key", headers: [header({}), header({}, "other")], status: 200 },
    { what: "a key that is not", headers: [header({ f: { key: "on", value: 1 } })], status: 403 },
    { what: "overrides that are null or a list", headers: [header(null), header([])], status: 200 },
    {
      what: "malformed headers",
      headers: ["{", "1", '"x"', "[]", "{}", '{"browserExtensionKey":"k"}'].concat(
        header({}, 1),
        header(1),
        header("x"),
        header(undefined),
      ),
      status: 200,
    },
  ])("returns the same for $what", async ({ headers, status }) => {
    const expected = await vendors(headers, status);
    expect(await ours(headers, status)).toEqual(expected);
  });

  it("returns overrides that can be applied", async () => {
    const seen = await withBoth(server, ({ client }) => {
      const ask = (overrides: object | null | undefined): string =>
        client.withOverrides(overrides as never).getStringAssignment("test-checkout", "u", {}, "x");
      const on = { "test-checkout": { key: "forced", value: "forced value" } };
      return [ask(on), ask({}) === ask(null), ask({}) === ask(undefined)];
    });
    expect(seen).toEqual(["forced value", true, true]);
  });
});
