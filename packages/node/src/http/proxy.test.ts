import { OptionError, readOptions } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import {
  environmentProxies,
  type RouteOptions,
  readProxy,
  routeOf,
  routeReaders,
} from "./proxy.js";

const dispatcher = { dispatch: () => true } as never;
const read = (options: RouteOptions) => routeOf(readOptions(routeReaders(), options));

describe("options of a route", () => {
  it.each([
    { proxy: undefined, checked: null },
    { proxy: "environment", checked: "environment" },
    { proxy: "http://proxy.example:3128", checked: new URL("http://proxy.example:3128") },
    { proxy: "http://proxy.example:3128/", checked: new URL("http://proxy.example:3128") },
    { proxy: "http://u:p@[::1]:3128", checked: new URL("http://u:p@[::1]:3128") },
    { proxy: new URL("https://u:p@proxy.example"), checked: new URL("https://u:p@proxy.example") },
  ])("accepts $proxy", ({ proxy, checked }) => {
    expect(readProxy("proxy", proxy)).toEqual(checked);
    expect(read({ proxy })).toEqual(checked ?? "direct");
  });

  it.each(["", "env", "proxy.example:3128", "http://user:secret@[", 5, null, {}])(
    "refuses %j without repeating it in the message",
    (proxy) => {
      expect(() => read({ proxy: proxy as never })).toThrow(
        new OptionError(
          "proxy",
          'expected "environment" or the URL of a proxy, such as http://proxy.example:3128',
        ),
      );
    },
  );

  it.each(["socks5://proxy.example", "socks://proxy.example:1080", new URL("socks5h://u:p@x")])(
    "recommends a dispatcher for SOCKS: %s",
    (proxy) => {
      expect(() => read({ proxy })).toThrow(/; for SOCKS pass a dispatcher$/);
    },
  );

  it.each([
    "http://user:secret@proxy.example:3128/x",
    "http://user:secret@proxy.example:3128/?x",
    "http://user:secret@proxy.example:3128?x=1",
    "http://user:secret@proxy.example:3128/#x",
    new URL("https://user:secret@proxy.example/x/"),
  ])("refuses a proxy URL with a path, query or fragment, without repeating it: %s", (proxy) => {
    const check = (): unknown => read({ proxy });
    expect(check).toThrow(/^proxy: has a path, a query or a fragment/);
    expect(check).not.toThrow(/secret/);
  });

  it("refuses a proxy together with a dispatcher", () => {
    expect(() => read({ proxy: "environment", dispatcher })).toThrow(
      expect.objectContaining({ option: "proxy" }),
    );
    expect(read({ dispatcher })).toBe("dispatcher");
  });

  it("refuses a dispatcher that cannot dispatch", () => {
    expect(() => read({ dispatcher: {} as never })).toThrow(
      expect.objectContaining({ option: "dispatcher" }),
    );
  });
});

describe("environmentProxies", () => {
  const http = "http://a.example/";
  const https = "http://b.example/";
  it.each([
    { environment: {}, httpProxy: "", httpsProxy: "" },
    { environment: { HTTP_PROXY: http }, httpProxy: http, httpsProxy: http },
    { environment: { HTTPS_PROXY: https }, httpProxy: "", httpsProxy: https },
    { environment: { HTTP_PROXY: http, HTTPS_PROXY: "" }, httpProxy: http, httpsProxy: "" },
    { environment: { HTTP_PROXY: http, http_proxy: https }, httpProxy: https, httpsProxy: https },
    { environment: { HTTP_PROXY: "a.example/x?y#z" }, httpProxy: http, httpsProxy: http },
    { environment: { HTTPS_PROXY: "b.example:80" }, httpProxy: "", httpsProxy: https },
  ])("reads $environment", ({ environment, httpProxy, httpsProxy }) => {
    expect(environmentProxies(environment)).toEqual({ httpProxy, httpsProxy });
  });

  it("names a variable that is not a URL, without its value", () => {
    const read = (): unknown => environmentProxies({ HTTPS_PROXY: "http://user:secret@[" });
    expect(read).toThrow(new OptionError("proxy", "HTTPS_PROXY is not the URL of a proxy"));
  });
});
