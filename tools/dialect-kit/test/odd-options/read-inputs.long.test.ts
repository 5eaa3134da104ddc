import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type InputSource, VendorCalls } from "../../src/odd-options/read-inputs.js";
import { withValue } from "../../src/odd-options/with-value.js";

const source: InputSource = {
  declarations: fileURLToPath(new URL("vendor/index.d.ts", import.meta.url)),
  isVendorFile: (path) => path.endsWith("/vendor/index.d.ts"),
};
const calls = new VendorCalls(source);
const namesOf = (callee: string) => calls.inputsOf(callee).map(({ name }) => name);

const OPTIONS = ["retries", "backoff", "backoff.minMs", "backoff.maxMs", "store", "onError"];
const GET = ["key", "fallback", "user", "user.id", "user.groups"];
const ALL = [...OPTIONS, "headers", "host"].map((name) => `options.${name}`);

describe("VendorCalls", () => {
  it.each([
    { callee: "new Client", inputs: ["key", "options", ...ALL], because: "options are inputs" },
    { callee: "init", inputs: ["options", ...ALL], because: "functions can be called" },
    { callee: "Client.create", inputs: ["options", ...ALL], because: "a mapped type has options" },
    { callee: "Factory.start", inputs: ["key"], because: "members of objects can be called" },
    { callee: "Client#get", inputs: GET, because: "overloads" },
    { callee: "Client#flush", inputs: ["timeoutMs"], because: "methods are inherited" },
  ])("reads the inputs of $callee: $because", ({ callee, inputs }) => {
    expect(namesOf(callee).sort()).toEqual([...inputs].sort());
  });

  it("returns the path of an input", () => {
    const found = calls.inputsOf("new Client").find(({ name }) => name.endsWith("minMs"));
    expect(found?.path).toEqual([1, "backoff", "minMs"]);
  });

  it("reads entries of maps and lists if requested", () => {
    const inputs = new VendorCalls({ ...source, hasEntries: true }).inputsOf("Client#get");
    const names = inputs.map(({ name }) => name);
    expect(names).toEqual([...GET, "user.groups.*", "user.groups.*.*"]);
    const input = inputs.at(-1);
    const given = [{ id: "alice", groups: { company: ["acme"] } }];
    expect(input && withValue(given, input, 5)).toEqual([
      { id: "alice", groups: { company: [5] } },
    ]);
  });

  it("lists public methods", () => {
    expect(calls.methodsOf("Client")).toEqual(["flush", "get"]);
  });

  it.each(["start", "Client#close"])("rejects %s, which does not exist", (callee) => {
    expect(() => calls.inputsOf(callee)).toThrow();
  });
});
