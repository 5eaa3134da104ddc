import type { FeatureApiResponse } from "../../src/index.js";

/** A payload with a rule of each kind. */
export const SHOP: FeatureApiResponse = {
  dateUpdated: "2026-01-01T00:00:00Z",
  features: {
    "new-checkout": {
      defaultValue: false,
      rules: [
        {
          id: "fr_exp",
          key: "checkout-test",
          hashVersion: 2,
          variations: [false, true],
          weights: [0.5, 0.5],
          meta: [{ key: "control" }, { key: "treatment", name: "Treatment" }],
        },
      ],
    },
    banner: {
      defaultValue: { text: "hello", colors: ["red"] },
      rules: [
        { id: "fr_de", condition: { country: "DE" }, force: { text: "hallo", colors: ["blue"] } },
      ],
    },
    premium: {
      defaultValue: null,
      rules: [
        {
          parentConditions: [{ id: "new-checkout", condition: { value: true }, gate: true }],
          force: "gold",
        },
      ],
    },
    rollout: { defaultValue: 0, rules: [{ coverage: 0.4, hashAttribute: "id", force: 1 }] },
    members: {
      defaultValue: "no",
      rules: [{ condition: { id: { $inGroup: "beta" } }, force: "yes" }],
    },
    sticky: {
      defaultValue: "off",
      rules: [
        {
          key: "sticky-test",
          hashAttribute: "id",
          fallbackAttribute: "deviceId",
          bucketVersion: 1,
          variations: ["a", "b", "c"],
          weights: [0.2, 0.3, 0.5],
          meta: [{ key: "0" }, { key: "1" }, { key: "2" }],
        },
      ],
    },
  },
  savedGroups: { beta: ["u1", "u3", "u5"] },
  experiments: [
    {
      key: "redirect-test",
      changeId: "ch_1",
      urlPatterns: [{ include: true, type: "simple", pattern: "/start" }],
      variations: [{}, { urlRedirect: "https://shop.example/new" }],
      weights: [0, 1],
      persistQueryString: true,
    },
    {
      key: "visual-test",
      manual: true,
      variations: [{}, { css: "body { color: red }" }],
      weights: [0.5, 0.5],
    },
  ],
};

/** The same shop with one changed feature. */
export const CHANGED_SHOP: FeatureApiResponse = {
  ...SHOP,
  dateUpdated: "2026-01-02T00:00:00Z",
  features: { ...SHOP.features, rollout: { defaultValue: 7 } },
};
