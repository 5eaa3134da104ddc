import { createClient } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { installShutdownHooks, type ShutdownOptions } from "../src/client/shutdown-hooks.js";

describe("installShutdownHooks", () => {
  it("leaves no listener behind when it is uninstalled", () => {
    const count = () =>
      ["SIGTERM", "SIGINT", "beforeExit"].map((name) => process.listenerCount(name));
    const before = count();
    const uninstall = installShutdownHooks(createClient());
    expect(count()).toEqual(before.map((it) => it + 1));
    uninstall();
    uninstall();
    expect(count()).toEqual(before);
  });

  it.each<{ options: object; option: string }>([
    { options: { signals: ["SIGFOO"] }, option: "signals" },
    { options: { signals: "SIGTERM" }, option: "signals" },
    { options: { timeoutMs: -1 }, option: "timeoutMs" },
    { options: { beforeExit: 1 }, option: "beforeExit" },
    { options: { signal: ["SIGTERM"] }, option: "signal" },
  ])("refuses $options", ({ options, option }) => {
    const install = (): unknown => installShutdownHooks([], options as ShutdownOptions);
    expect(install).toThrow(expect.objectContaining({ option }));
  });

  it.each([
    { clients: [{ flush() {} }], because: "it cannot be closed" },
    { clients: () => {}, because: "it is a function" },
    { clients: undefined, because: "there is none" },
    { clients: [undefined], because: "there is none in the list" },
  ])("refuses $clients, because $because", ({ clients }) => {
    const install = (): unknown => installShutdownHooks(clients as never);
    expect(install).toThrow(expect.objectContaining({ option: "clients" }));
  });
});
