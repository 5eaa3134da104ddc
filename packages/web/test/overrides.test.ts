import { testFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { type OverrideOptions, sealOverrides, webFlags } from "../src/server.js";
import { describeFlags, loggedClient } from "./support/flags.js";
import { newSecret } from "./support/secrets.js";

const SEAL = { audience: "shop-test", secrets: [newSecret()] };
const URL_OF_ROUTE = "https://shop.example/api/overrides";
const SAME_ORIGIN = { "sec-fetch-site": "same-origin", origin: "null" };

const sealed = (options: Partial<OverrideOptions> = {}): Promise<string> =>
  sealOverrides({ ...SEAL, flags: { checkout: "fast" }, expiresInSeconds: 3_600, ...options });

/** A shop whose visitors get `standard` unless an override shows `fast`. */
function shop() {
  const flags = testFlags();
  describeFlags(flags, { fast: 0, standard: 100 });
  const { client, events } = loggedClient(flags);
  const webWith = (cookie: string | null | undefined, subjectKey = "alice") =>
    webFlags({
      client,
      ...SEAL,
      subject: () => ({ subjectKey }),
      overrideCookie: async () => cookie,
    });
  /** The variation that a visitor with a cookie gets. */
  const variation = async (cookie?: string | null, subjectKey?: string): Promise<unknown> => {
    const { values } = await webWith(cookie, subjectKey).snapshot({ checkout: "none" });
    return values["checkout"];
  };
  return { client, events, variation, overrides: webWith(null).overrides };
}

function formOf(
  fields: Record<string, string>,
  headers: Record<string, string> = SAME_ORIGIN,
): Request {
  const body = new URLSearchParams(fields);
  return new Request(URL_OF_ROUTE, { method: "POST", body, headers });
}

function posted(token: string, headers?: Record<string, string>): Request {
  return formOf({ t: token }, headers);
}

describe("overrides", () => {
  it("are shown by GET, set by POST after the visitor's confirmation, and then used", async () => {
    const { events, overrides, variation } = shop();
    const token = await sealed();
    const page = await overrides.GET(new Request(`${URL_OF_ROUTE}?t=${token}`));
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain("<td>checkout<td>fast");
    expect(html).toContain(`name="t" value="${token}"`);
    expect(page.headers.get("set-cookie")).toBeNull();
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("cache-control")).toBe("no-store");

    const response = await overrides.POST(posted(token));
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/");
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(
      /^sortition_overrides=1\.[\w-]+; Max-Age=3[56]\d\d; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(await variation()).toBe("standard");
    expect(await variation(/=([^;]*)/.exec(cookie)?.[1])).toBe("fast");
    expect(events).toEqual([]);
  });

  it("are shown although the host of the request's address is none", async () => {
    const request = new Request(URL_OF_ROUTE);
    Object.defineProperty(request, "url", { value: "http://shop.example:99999/api/overrides" });
    expect((await shop().overrides.GET(request)).status).toBe(200);
  });

  it("lead to the page of the link", async () => {
    for (const path of ["/checkout?step=2#pay", "/a//b", "/"]) {
      const response = await shop().overrides.POST(posted(await sealed({ path })));
      expect(response.headers.get("location")).toBe(path);
    }
  });

  it("are removed by the form's field only, never by a form whose token was lost", async () => {
    const { overrides } = shop();
    const html = await (await overrides.GET(new Request(URL_OF_ROUTE))).text();
    const [, name = "", value = ""] = /<button name="(\w+)" value="(\w+)">Remove/.exec(html) ?? [];
    const response = await overrides.POST(formOf({ [name]: value }));
    expect(response.headers.get("set-cookie")).toMatch(/^sortition_overrides=; Max-Age=0; Path=\//);
    const lost = [{}, { t: "" }, { '{"t":"1.x"}': "" }].map((it) => overrides.POST(formOf(it)));
    for (const { headers, status } of await Promise.all(lost)) {
      expect([status, headers.get("set-cookie")]).toEqual([400, null]);
    }
  });

  it("of a foreign form, or of a form of unknown origin, are refused although the token is valid", async () => {
    const { overrides } = shop();
    const token = await sealed();
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
      { "sec-fetch-site": "same-site", origin: "https://shop.example" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example" },
      { origin: "https://shop.example.evil.example" },
      { origin: "null" },
      { origin: "http://request.invalid", host: "shop.example" },
      { origin: "file://", host: "" },
      {},
    ];
    for (const headers of foreign) {
      const response = await overrides.POST(posted(token, headers));
      expect(response.status).toBe(403);
      expect(response.headers.get("set-cookie")).toBeNull();
    }
    const own = [
      { origin: "https://shop.example" },
      { origin: "https://shop.example", host: "Shop.Example:443" },
      { origin: "https://public.example", "x-forwarded-host": "Public.example:443, proxy" },
    ];
    for (const headers of own)
      expect((await overrides.POST(posted(token, headers))).status).toBe(303);
  });

  it("that are forged, expired or for another subject are ignored and counted", async () => {
    const { client, overrides, variation } = shop();
    const forged = await sealed({ secrets: [newSecret()] });
    const other = await sealed({ audience: "shop-production" });
    const expired = await sealed({ expiresInSeconds: 1e-9 });
    const bound = await sealed({ subjectKey: "bob" });
    await new Promise((resolve) => setTimeout(resolve, 1_001 - (Date.now() % 1_000)));
    for (const cookie of [forged, other, expired, bound, "garbage"]) {
      expect(await variation(cookie)).toBe("standard");
    }
    expect(client.status.counters.web).toMatchObject({ overrides: 0, ignoredOverrides: 5 });
    for (const token of [forged, other, expired, "garbage"]) {
      const page = await overrides.GET(new Request(`${URL_OF_ROUTE}?t=${token}`));
      expect(page.status).toBe(400);
      expect(await page.text()).not.toContain(token);
      expect((await overrides.POST(posted(token))).status).toBe(400);
    }
    expect(client.status.counters.web?.ignoredOverrides).toBe(13);
    expect(await variation(bound, "bob")).toBe("fast");
    expect(await variation("", "bob")).toBe("standard");
    expect(client.status.counters.web?.overrides).toBe(1);
  });

  it("of unknown flags or variations are counted, and the flags are evaluated", async () => {
    const { client, variation } = shop();
    const flags = { checkout: "no-variation", "no-flag": "fast" };
    expect(await variation(await sealed({ flags }))).toBe("standard");
    expect(client.status.counters.evaluations.ignoredOverride).toBe(1);
  });

  it("are escaped on the page", async () => {
    const token = await sealed({
      flags: { "<script>alert(1)</script>": '"><img>' },
      subjectKey: "<b>",
    });
    const page = await shop().overrides.GET(new Request(`${URL_OF_ROUTE}?t=${token}`));
    const html = await page.text();
    expect(html).not.toMatch(/<script|<img|<b>/);
  });
});

describe("sealOverrides", () => {
  it("reports a mistake with the option's name", async () => {
    for (const flags of [{}, undefined, { checkout: 7 }]) {
      await expect(sealed({ flags: flags as never })).rejects.toThrow(/^flags: expected variation/);
    }
    for (const expiresInSeconds of [0, -1, 86_401, Number.NaN, undefined]) {
      const odd = { expiresInSeconds: expiresInSeconds as number };
      await expect(sealed(odd)).rejects.toThrow(/^expiresInSeconds: expected more than 0/);
    }
    const elsewhere = ["//evil.example", "/\\evil.example", "/\t/evil.example", "/a\r\nb: c"];
    for (const path of [...elsewhere, "https://evil.example", "checkout", "/ü", "", null]) {
      await expect(sealed({ path: path as string })).rejects.toThrow(/^path: expected the path/);
    }
    const many = Object.fromEntries(Array.from({ length: 100 }, () => [newSecret(), "fast"]));
    await expect(sealed({ flags: many })).rejects.toThrow(/^flags: expected fewer/);
  });
});
