import { inspect } from "node:util";
import { expect, it } from "vitest";
import { inspectAs } from "../src/runtime/inspect-as.js";

class Account {
  readonly key = "secret";
  readonly state = "open";
}

it("shows facts in place of an object's own members", () => {
  const account = new Account();
  inspectAs(account, "Account", ({ state }) => ({ state }));
  expect(inspect(account)).toBe("Account { state: 'open' }");
  expect(inspect({ nested: { account } }, { depth: 0 })).not.toContain("secret");
  expect(Object.keys(account)).toEqual(["key", "state"]);
});

it("has no prefix without a name", () => {
  const account = new Account();
  inspectAs(account, "", ({ state }) => ({ state }));
  expect(inspect(account)).toBe("{ state: 'open' }");
});

it("shows each instance of a class, and leaves other values unchanged", () => {
  class Shop extends Account {}
  inspectAs(Shop.prototype, "Shop", (it) => ("state" in it ? { state: it.state } : null));
  expect(inspect(new Shop())).toBe("Shop { state: 'open' }");
  expect(() => inspect(Shop.prototype)).not.toThrow();
});
