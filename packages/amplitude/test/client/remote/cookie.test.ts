import { AmplitudeCookie as VendorCookie } from "@amplitude/experiment-node-server";
import { describe, expect, it, vi } from "vitest";
import { AmplitudeCookie } from "../../../src/index.js";

const COOKIES = [
  ...["device.dXNlcg==.x", "device.dXNlcg", "device..", "device", "", ".", "a.b", "a.-_8.c"],
  ..."ålice🙂"
    .split("")
    .map((letter) => `d.${Buffer.from(letter.repeat(3)).toString("base64url")}.z`),
];
const SESSIONS = [
  { deviceId: "d", userId: "u" },
  { deviceId: "d" },
  { userId: "ålice" },
  {},
  { deviceId: 1, userId: null },
];

describe("AmplitudeCookie", () => {
  it.each(COOKIES)("parses %j like the vendor's", (cookie) => {
    expect(AmplitudeCookie.parse(cookie)).toEqual(VendorCookie.parse(cookie));
  });

  it.each(SESSIONS)("parses %j in the new format like the vendor's", (session) => {
    const json = JSON.stringify(session);
    for (const text of [encodeURIComponent(json), json]) {
      const cookie = Buffer.from(text).toString("base64");
      expect(AmplitudeCookie.parse(cookie, true)).toEqual(VendorCookie.parse(cookie, true));
    }
  });

  it.each(["!", "", "bnVsbA==", "e30", Buffer.from("%").toString("base64")])(
    "returns nothing for %j, and logs that without the cookie",
    (cookie) => {
      const spy = vi.spyOn(console, "error").mockImplementation(() => {});
      try {
        expect(AmplitudeCookie.parse(cookie, true)).toEqual(VendorCookie.parse(cookie, true));
        const [line] = spy.mock.calls;
        if (cookie !== "" && line !== undefined) expect(String(line)).not.toContain(cookie);
      } finally {
        spy.mockRestore();
      }
    },
  );

  it.each([null, undefined, 5, true, {}])("throws for %j like the vendor's", (cookie) => {
    for (const newFormat of [false, true]) {
      for (const { parse } of [VendorCookie, AmplitudeCookie]) {
        expect(() => parse(cookie as never, newFormat)).toThrow(TypeError);
      }
    }
  });

  it.each(["device", "ø", "", "a.b"])("generates cookies for %j like the vendor's", (deviceId) => {
    for (const newFormat of [false, true]) {
      const cookie = AmplitudeCookie.generate(deviceId, newFormat);
      expect(cookie).toBe(VendorCookie.generate(deviceId, newFormat));
    }
  });

  it.each([
    { key: "1234567890", newFormat: false },
    { key: "1234567890abc", newFormat: true },
    { key: "123456", newFormat: false },
  ])("names the cookie of $key like the vendor's", ({ key, newFormat }) => {
    expect(AmplitudeCookie.cookieName(key, newFormat)).toBe(
      VendorCookie.cookieName(key, newFormat),
    );
  });

  it.each([
    { key: "12345", newFormat: false },
    { key: "123456789", newFormat: true },
  ])("refuses $key like the vendor's", ({ key, newFormat }) => {
    expect(() => VendorCookie.cookieName(key, newFormat)).toThrow("Invalid Amplitude API Key");
    expect(() => AmplitudeCookie.cookieName(key, newFormat)).toThrow("Invalid Amplitude API Key");
  });
});
