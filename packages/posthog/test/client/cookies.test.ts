import * as vendor from "posthog-node";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import * as edge from "../../src/edge.js";
import type { FlagDefinitionCacheProvider } from "../../src/experimental.js";
import * as ours from "../../src/index.js";
import * as nestjs from "../../src/nestjs.js";
import * as otel from "../../src/otel.js";

const STATES: readonly string[] = [
  "",
  "x",
  "null",
  "5",
  "[]",
  "{}",
  '{"distinct_id":""}',
  '{"distinct_id":5}',
  '{"distinct_id":"a","$user_state":"identified","$device_id":"d","$sesid":[1,"s",2]}',
  '{"distinct_id":"a","$device_id":7,"$sesid":["1",2,null]}',
  '{"distinct_id":"a","$sesid":"s"}',
];
const HEADERS = ["", "a", "a=1; b=2", " a = 1 ;b=x=y", "a=%41; b=%E0%A4%A", "a=1; a=2", "=1"];
const KEYS = ["phc_key", "a+b/c=="];

describe("the functions for cookies of the browser library have the vendor's results", () => {
  it.each(STATES)("parsePostHogCookie(%s)", (text) => {
    const state = ours.parsePostHogCookie(text);
    expect(state).toEqual(vendor.parsePostHogCookie(text));
    expect(ours.cookieStateToProperties(state)).toEqual(
      vendor.cookieStateToProperties(state as never),
    );
  });

  it.each(HEADERS)("cookieStoreFromHeader(%s)", (header) => {
    for (const name of ["a", "b", "c"]) {
      const theirs = vendor.cookieStoreFromHeader(header).get(name);
      expect(ours.cookieStoreFromHeader(header).get(name)).toEqual(theirs);
    }
  });

  it.each(KEYS)("readPostHogCookie of the project %s", (key) => {
    const name = ours.getPostHogCookieName(key);
    expect(name).toBe(vendor.getPostHogCookieName(key));
    const value = ours.serializePostHogCookie("anna");
    const store = ours.cookieStoreFromHeader(`${name}=${encodeURIComponent(value)}`);
    const state = ours.readPostHogCookie(store, key);
    expect(state).toMatchObject({ distinctId: "anna", deviceId: "anna", isIdentified: false });
    expect(state).toEqual(vendor.readPostHogCookie(store, key));
    expect(ours.readPostHogCookie(store, "other")).toBeNull();
  });

  it("serializePostHogCookie", () => {
    vi.useFakeTimers({ now: 5, toFake: ["Date"] });
    const masked = (text: string): string => text.replace(/[0-9a-f-]{36}/, "id");
    const theirs = vendor.serializePostHogCookie("anna");
    expect(masked(ours.serializePostHogCookie("anna"))).toBe(masked(theirs));
    vi.useRealTimers();
  });
});

describe("a name that the vendor exports", () => {
  const named: Readonly<Record<string, unknown>> = ours;

  it("is exported, because a missing one would cause a SyntaxError", () => {
    expect(Object.keys(vendor).filter((name) => !(name in named))).toEqual([]);
  });

  it.each([...["EmailError", "posthogHonoMiddleware", "instrumentRequest", "enrichCurrentSpan"]])(
    "explains an alternative if it is not supported: %s",
    (name) => {
      const it = named[name] as new () => unknown;
      const sentence = new RegExp(
        `@sortition/posthog has no ${name}: .+, see https://github.com/sortition/sortition/blob/main/docs/vendors/`,
      );
      expect(() => new it()).toThrow(sentence);
      expect(() => (it as unknown as () => unknown)()).toThrow(sentence);
    },
  );
});

describe("an entry of the vendor's package", () => {
  it.each([
    { entry: "edge", own: edge, theirs: ["PostHog"] },
    { entry: "nestjs", own: nestjs, theirs: ["PostHogInterceptor"] },
    { entry: "otel", own: otel, theirs: ["PostHogContextSpanProcessor", "enrichCurrentSpan"] },
  ])(
    "can be imported and explains an alternative if it is not supported: $entry",
    ({ own, theirs }) => {
      expect(Object.keys(own).sort()).toEqual(theirs);
      for (const it of Object.values(own)) {
        const construct = (): unknown => new (it as new (key: string) => unknown)("phc_key");
        expect(construct).toThrow(/@sortition\/posthog(\/\w+)? has no \w+: .+, see /);
      }
    },
  );

  it("has the vendor's types: experimental", () => {
    expectTypeOf<FlagDefinitionCacheProvider>().toEqualTypeOf<ours.FlagDefinitionCacheProvider>();
  });
});
