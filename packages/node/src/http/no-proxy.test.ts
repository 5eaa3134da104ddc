import { describe, expect, it } from "vitest";
import { isExemptAddress, noProxyOf } from "./no-proxy.js";

describe("isExemptAddress", () => {
  // Includes the rows about addresses from curl's own test of NO_PROXY (unit1614).
  it.each([
    { host: "127.0.0.1", noProxy: "127.0.0.0/8", isExempt: true },
    { host: "127.255.255.255", noProxy: "localhost, 127.0.0.0/8", isExempt: true },
    { host: "128.0.0.1", noProxy: "127.0.0.0/8", isExempt: false },
    { host: "192.168.1.1", noProxy: "192.168.0.0/16", isExempt: true },
    { host: "192.168.0.1", noProxy: "foo, bar, 192.168.0.0/16", isExempt: true },
    { host: "192.169.0.1", noProxy: "192.168.0.0/16", isExempt: false },
    { host: "192.160.0.1", noProxy: "192.160.0.1/32", isExempt: true },
    { host: "192.160.0.2", noProxy: "192.160.0.1/32", isExempt: false },
    { host: "192.160.0.1", noProxy: "192.160.0.1/33", isExempt: false },
    { host: "192.160.0.1", noProxy: "192.160.0.1/x", isExempt: false },
    { host: "192.160.0.1", noProxy: "192.160.0.1/", isExempt: false },
    { host: "192.160.0.1", noProxy: "192.160.0.0/16/8", isExempt: false },
    { host: "10.1.2.3", noProxy: "10.1.2.0/24,10.1.3.0/24", isExempt: true },
    { host: "10.0.0.7", noProxy: "10.0.0.7", isExempt: true },
    { host: "[::1]", noProxy: "::1", isExempt: true },
    { host: "[::1]", noProxy: "[::1]", isExempt: true },
    { host: "[fd00::12]", noProxy: "fd00::/8", isExempt: true },
    { host: "[fe80::1]", noProxy: "[fd00::]/8", isExempt: false },
    { host: "[2001:db8::1]", noProxy: "2001:db8::/32", isExempt: true },
    { host: "[2001:db9::1]", noProxy: "2001:db8::/32", isExempt: false },
    { host: "[::1]", noProxy: "127.0.0.0/8", isExempt: false },
    { host: "127.0.0.1", noProxy: "::/1", isExempt: false },
    { host: "flags.example", noProxy: "0.0.0.0/1,::/1", isExempt: false },
    { host: "127.0.0.1", noProxy: "", isExempt: false },
    { host: "127.0.0.1", noProxy: " ,, ,", isExempt: false },
  ])("returns $isExempt for $host with NO_PROXY=$noProxy", ({ host, isExempt, noProxy }) => {
    expect(isExemptAddress(new URL(`http://${host}:8080/x`), noProxy)).toBe(isExempt);
  });
});

describe("noProxyOf", () => {
  it("prefers the lower-case name, as curl does", () => {
    expect(noProxyOf({ no_proxy: "a", NO_PROXY: "b" })).toBe("a");
    expect([noProxyOf({ NO_PROXY: "b" }), noProxyOf({})]).toEqual(["b", ""]);
  });
});
