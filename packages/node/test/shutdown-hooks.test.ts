import { createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { describe, expect, it, vi } from "vitest";
import {
  type FlushableClient,
  installShutdownHooks,
  type ShutdownOptions,
} from "../src/client/shutdown-hooks.js";

describe("installShutdownHooks", () => {
  it("leaves no listener behind when uninstalled", () => {
    const count = () =>
      ["SIGTERM", "SIGINT", "beforeExit"].map((name) => process.listenerCount(name));
    const before = count();
    const uninstall = installShutdownHooks(createClient({ dialect: eppo() }));
    expect(count()).toEqual(before.map((it) => it + 1));
    uninstall();
    uninstall();
    expect(count()).toEqual(before);
  });

  it.each<{ options: object; option: string }>([
    { options: { signals: ["SIGFOO"] }, option: "signals" },
    { options: { signals: ["SIGTERM", "SIGKILL"] }, option: "signals" },
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
    { clients: Promise.resolve(), because: "it is a promise: await it" },
    { clients: [undefined], because: "there is none in the list" },
  ])("refuses $clients, because $because", ({ clients }) => {
    const install = (): unknown => installShutdownHooks(clients as never);
    expect(install).toThrow(expect.objectContaining({ option: "clients" }));
  });

  describe.each([
    { what: "throws", call: (): Promise<never> => fail() },
    { what: "rejects", call: async (): Promise<never> => fail() },
  ])("when one object's method $what", ({ call }) => {
    const calls: string[] = [];
    const client: object = {
      flush: async () => calls.push("flush"),
      close: async () => calls.push("close"),
    };
    const clients = [{ flush: call, close: call }, client] as unknown as FlushableClient[];

    it("flushes the clients after it", () => {
      const before = process.listeners("beforeExit");
      const uninstall = installShutdownHooks(clients, { signals: [] });
      const added = process.listeners("beforeExit").filter((it) => !before.includes(it));
      expect(added).toHaveLength(1);
      added[0]?.(0);
      uninstall();
      expect(calls.splice(0)).toEqual(["flush"]);
    });

    it("closes the clients after it, and leaves the exit to the application", async () => {
      const onSignal = (): void => {};
      process.on("SIGUSR2", onSignal);
      installShutdownHooks(clients, { signals: ["SIGUSR2"], beforeExit: false });
      process.emit("SIGUSR2");
      await vi.waitFor(() => expect(process.listeners("SIGUSR2")).toEqual([onSignal]));
      process.off("SIGUSR2", onSignal);
      expect(calls.splice(0)).toEqual(["close"]);
    });
  });
});

function fail(): never {
  throw new Error("no");
}
