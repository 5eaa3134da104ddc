import { describe, expect, it } from "vitest";
import { warehousesOf } from "./answers-equal.js";
import { NOW } from "./files.js";

describe("functions for Amplitude", () => {
  it.each([
    { attributes: { country: "DK" }, variation: "on" },
    { attributes: { user_properties: { country: "DK" } }, variation: "on" },
    { attributes: { country: "SE" }, variation: "off" },
    // `country` is a member of the user here, because user properties are given.
    { attributes: { country: "DK", user_properties: {} }, variation: "off" },
  ])("read columns as user properties: $attributes gets $variation", async (row) => {
    const selector = ["context", "user", "user_properties", "country"];
    const segments = [
      { conditions: [[{ selector, op: "is", values: ["DK"] }]], variant: "on" },
      { variant: "off" },
    ];
    const off = { key: "off", metadata: { default: true } };
    const config = [{ key: "f", variants: { on: { key: "on", value: "on" }, off }, segments }];
    for (const warehouse of await warehousesOf("amplitude", config)) {
      const given = [["f", "user-1", row.attributes, Date.parse(NOW)]];
      expect(warehouse.call("assign", given)).toMatchObject([{ variation: row.variation }]);
    }
  });
});
