import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readCalls } from "../../src/odd-options/index.js";

const calls = readCalls({
  declarations: fileURLToPath(new URL("vendor/index.d.ts", import.meta.url)),
  isVendorFile: (path) => path.endsWith("/vendor/index.d.ts"),
});
const namesOf = (callee: string) => calls.inputsOf(callee).map(({ name }) => name);

const OPTIONS = ["retries", "backoff", "backoff.minMs", "backoff.maxMs", "store", "onError"];
const ALL = [...OPTIONS, "headers", "host"].map((name) => `options.${name}`);

describe("readCalls", () => {
  it.each([
    { callee: "new Client", inputs: ["key", "options", ...ALL], because: "options are read" },
    { callee: "init", inputs: ["options", ...ALL], because: "functions are calls" },
    { callee: "Client.create", inputs: ["options", ...ALL], because: "a mapped type has options" },
    { callee: "Factory.start", inputs: ["key"], because: "members of objects are calls" },
    { callee: "Client#get", inputs: ["key", "fallback", "user", "user.id"], because: "overloads" },
    { callee: "Client#flush", inputs: ["timeoutMs"], because: "methods are inherited" },
  ])("reads the inputs of $callee: $because", ({ callee, inputs }) => {
    expect(namesOf(callee).sort()).toEqual([...inputs].sort());
  });

  it("gives the place of an input", () => {
    const found = calls.inputsOf("new Client").find(({ name }) => name.endsWith("minMs"));
    expect(found?.path).toEqual([1, "backoff", "minMs"]);
  });

  it("lists public methods", () => {
    expect(calls.methodsOf("Client")).toEqual(["flush", "get"]);
  });

  it.each(["start", "Client#close"])("refuses %s, which is not there", (callee) => {
    expect(() => calls.inputsOf(callee)).toThrow();
  });
});
