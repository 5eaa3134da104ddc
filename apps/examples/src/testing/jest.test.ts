// The tests of a shop in Jest.
import { beforeEach, describe, expect, it } from "@jest/globals";
import { recordExposures, split, subjectsIn, testFlags } from "@sortition/testing";
import { describeEveryVariation } from "@sortition/testing/jest";
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
    expect(setUp().shop.hasNewSearch({ id: "anybody" })).toBe(false);
  });

  it("is the new one if the flag is on", () => {
    const { flags, shop } = setUp();
    flags.boolean("new-search").on();
    expect(shop.hasNewSearch({ id: "anybody" })).toBe(true);
  });

  it.each(["missing", "malformed", "disabled"] as const)(
    "is the old one if the flag is %s",
    (state) => {
      const { flags, shop } = setUp();
      flags.boolean("new-search")[state]();
      expect(shop.hasNewSearch({ id: "anybody" })).toBe(false);
    },
  );
});

describe("the checkout", () => {
  it("has one page for the founder", () => {
    expect(setUp().shop.checkoutPages({ id: "founder" })).toBe(1);
  });

  it("has five pages for the 1% of customers in the guided variation", () => {
    const { client, shop } = setUp();
    const [guided = ""] = subjectsIn(client, "checkout", "guided");
    expect(shop.checkoutPages({ id: guided })).toBe(5);
  });

  describeEveryVariation(setUp().client, "checkout", {}, (variation, id) => {
    const pages = { "one-page": 1, guided: 5, standard: 3 }[variation];
    expect(setUp().shop.checkoutPages({ id })).toBe(pages);
  });

  it("is an experiment, and logs one exposure", () => {
    const { client, shop } = setUp();
    const [id = ""] = subjectsIn(client, "checkout", "one-page");
    shop.checkoutPages({ id });
    shop.checkoutPages({ id });
    expect(exposures).toHaveExposed("checkout", { subject: id, variation: "one-page", times: 1 });
  });

  it("keeps its flags while the vendor's server fails", () => {
    const { flags, shop } = setUp();
    flags.fail(503);
    flags.string("checkout").otherwise("standard");
    expect(shop.checkoutPages({ id: "founder" })).toBe(1);
    flags.recover();
    expect(shop.checkoutPages({ id: "founder" })).toBe(3);
  });
});

describe("free shipping", () => {
  it("has a lower limit in Denmark, by a rule that logs no exposure", () => {
    const { client, shop } = setUp();
    expect(shop.freeShippingFrom({ id: "anybody", country: "DK" })).toBe(50);
    expect(client).toHaveAssigned("free-shipping", "anybody", "50", { country: "SE" });
    expect(exposures).toHaveExposedNothing();
  });
});

describe("the shoe of the day", () => {
  it("is what the bandit chooses, and is logged", () => {
    expect(setUp().shop.shoeOfTheDay({ id: "anybody" })).toBe("adidas");
    expect(exposures.bandits).toMatchObject([{ subject: "anybody", action: "adidas" }]);
  });
});
