// The tests of a shop in `node:test`: `node --test`, or the file as a program.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { everyVariation, recordExposures, split, subjectsIn, testFlags } from "@sortition/testing";
import { assertAssigned, assertExposed, assertExposedNothing } from "@sortition/testing/assert";
import { Shop } from "./shop/shop.js";

const all = testFlags();
all.boolean("new-search").off();
all
  .string("checkout")
  .variations("one-page", "guided", "standard")
  .forSubject("founder")
  .give("one-page")
  .otherwise(split({ "one-page": 10, guided: 1, standard: 89 }));
all
  .integer("free-shipping")
  .variations(50, 100)
  .when({ country: ["DK", "SE"] })
  .give("50");
all.bandit("shoe").choose("adidas");

const exposures = recordExposures();
const setUp = () => {
  const flags = all.fork(); // so that tests do not share changes
  const client = flags.client({ assignmentLogger: exposures });
  return { flags, client, shop: new Shop(client) };
};

beforeEach(() => exposures.clear());

describe("the search", () => {
  it("is the old one for everyone by default", () => {
    assert.equal(setUp().shop.hasNewSearch({ id: "anybody" }), false);
  });

  it("is the new one if the flag is on", () => {
    const { flags, shop } = setUp();
    flags.boolean("new-search").on();
    assert.equal(shop.hasNewSearch({ id: "anybody" }), true);
  });

  for (const state of ["missing", "malformed", "disabled"] as const) {
    it(`is the old one if the flag is ${state}`, () => {
      const { flags, shop } = setUp();
      flags.boolean("new-search")[state]();
      assert.equal(shop.hasNewSearch({ id: "anybody" }), false);
    });
  }
});

describe("the checkout", () => {
  it("has one page for the founder", () => {
    assert.equal(setUp().shop.checkoutPages({ id: "founder" }), 1);
  });

  it("has five pages for the 1% of customers in the guided variation", () => {
    const { client, shop } = setUp();
    const [guided = ""] = subjectsIn(client, "checkout", "guided");
    assert.equal(shop.checkoutPages({ id: guided }), 5);
  });

  for (const [variation, id] of everyVariation(setUp().client, "checkout")) {
    it(`of ${variation} has its pages`, () => {
      const pages = { "one-page": 1, guided: 5, standard: 3 }[variation];
      assert.equal(setUp().shop.checkoutPages({ id }), pages);
    });
  }

  it("is an experiment, and logs one exposure", () => {
    const { client, shop } = setUp();
    const [id = ""] = subjectsIn(client, "checkout", "one-page");
    shop.checkoutPages({ id });
    shop.checkoutPages({ id });
    assertExposed(exposures, "checkout", { subject: id, variation: "one-page", times: 1 });
  });

  it("keeps its flags while the vendor's server fails", () => {
    const { flags, shop } = setUp();
    flags.fail(503);
    flags.string("checkout").otherwise("standard");
    assert.equal(shop.checkoutPages({ id: "founder" }), 1);
    flags.recover();
    assert.equal(shop.checkoutPages({ id: "founder" }), 3);
  });
});

describe("free shipping", () => {
  it("has a lower limit in Denmark, by a rule that logs no exposure", () => {
    const { client, shop } = setUp();
    assert.equal(shop.freeShippingFrom({ id: "anybody", country: "DK" }), 50);
    assertAssigned(client, "free-shipping", "anybody", "50", { country: "SE" });
    assertExposedNothing(exposures);
  });
});

describe("the shoe of the day", () => {
  it("is what the bandit chooses, and is logged", () => {
    assert.equal(setUp().shop.shoeOfTheDay({ id: "anybody" }), "adidas");
    assert.equal(exposures.bandits[0]?.action, "adidas");
  });
});

// Prints, with NODE_OPTIONS=--test-reporter=dot:
//   …
