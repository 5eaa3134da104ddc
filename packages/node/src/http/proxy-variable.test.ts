import { describe, expect, it } from "vitest";
import { proxyVariable } from "./proxy-variable.js";

describe("proxyVariable", () => {
  const url = new URL("https://flags.example.com/api");

  it.each([
    {
      environment: { HTTPS_PROXY: "p", HTTP_PROXY: "q" },
      name: "HTTPS_PROXY",
      because: "the URL is https",
    },
    { environment: { HTTP_PROXY: "q" }, name: "HTTP_PROXY", because: "there is no other" },
    { environment: {}, name: null, because: "there is none" },
    { environment: { HTTPS_PROXY: "" }, name: null, because: "it is empty" },
    {
      environment: { HTTPS_PROXY: "p", NO_PROXY: "x,.example.com" },
      name: null,
      because: "the host is exempt",
    },
    {
      environment: { https_proxy: "p", no_proxy: "*" },
      name: null,
      because: "all hosts are exempt",
    },
  ])("returns $name, because $because", ({ environment, name }) => {
    expect(proxyVariable(url, environment)).toBe(name);
  });

  it("returns null for an address in an exempt network", () => {
    const environment = { HTTP_PROXY: "p", NO_PROXY: "localhost,127.0.0.0/8" };
    expect(proxyVariable(new URL("http://127.1.2.3:8080"), environment)).toBeNull();
    expect(proxyVariable(new URL("http://128.1.2.3"), environment)).toBe("HTTP_PROXY");
  });
});
