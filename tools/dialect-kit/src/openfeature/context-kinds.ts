type Random = () => number;

const clause = (attribute: string, values: readonly unknown[], contextKind = "user"): object => {
  return { attribute, op: "in", values, contextKind };
};
const flag = (key: string, variations: readonly unknown[], fields: object = {}): object => ({
  ...{ key, version: 1, on: true, salt: "s", variations, fallthrough: { variation: 0 } },
  ...fields,
});

/** Flags of LaunchDarkly that read each part of a context, by kind. */
export const KIND_FLAGS: Readonly<Record<string, object>> = {
  parts: flag(
    "parts",
    ["none", "org", "user", "country", "name", "anonymous", "kind", "private", "joined"],
    {
      rules: [
        clause("key", ["acme"], "org"),
        clause("key", ["acme"]),
        clause("country", ["DK"]),
        clause("name", ["Ann", 5]),
        clause("anonymous", [true], "device"),
        clause("kind", ["device"]),
        clause("privateAttributes", ["country"]),
        clause("joined", ["2026-01-02T03:04:05.000Z"]),
      ].map((it, i) => ({ id: `rule-${i}`, variation: i + 1, clauses: [it] })),
    },
  ),
  rollout: flag("rollout", [1, 2, 3], {
    fallthrough: {
      rollout: {
        contextKind: "org",
        variations: [0, 1, 2].map((variation) => ({ variation, weight: 33_334 })),
      },
    },
  }),
  target: flag("target", [false, true], { targets: [{ variation: 1, values: ["ann", "acme"] }] }),
  needy: flag("needy", [{ a: 1 }, { a: 2 }], {
    prerequisites: [{ key: "target", variation: 1 }],
    offVariation: 1,
  }),
  off: flag("off", ["x"], { on: false, offVariation: 0 }),
  malformed: flag("malformed", ["x"], { fallthrough: { variation: 7 } }),
};

/** Returns an evaluation context of any kind of context that LaunchDarkly has, or of none. */
export function contextOfKinds(random: Random): Record<string, unknown> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // not empty
  const key = (): unknown => pick(["ann", "acme", "bob", "acme", "ann", "", 5, null]);
  const keys = (): object =>
    pick([{ targetingKey: key() }, { key: key() }, { targetingKey: key(), key: key() }, {}]);
  const attributes = (): object =>
    pick([
      {},
      { country: "DK" },
      { name: pick(["Ann", 5]), country: "SE" },
      { anonymous: pick([true, "yes", false]) },
      { privateAttributes: ["country"], country: pick(["DK", "SE"]) },
      { custom: { country: "DK" }, nested: { list: [1, null] } },
      { joined: pick(["2026-01-02T03:04:05.000Z", 7]) },
    ]);
  const one = (): object => ({ ...keys(), ...attributes() });
  if (random() < 0.5) {
    const kind = pick([undefined, undefined, "user", "org", "device", "an org", "kind", 5, null]);
    return { ...(kind !== undefined && { kind }), ...one() };
  }
  const members = ["user", "org", "device", "an org"].filter(() => random() < 0.4);
  const several = members.map((it) => {
    const isWhole = random() < 0.7;
    const whole = { ...one(), key: pick(["ann", "acme", "bob"]), targetingKey: undefined };
    return [it, isWhole ? whole : pick([one(), "acme", 5, null, ["acme"], { key: "ann" }])];
  });
  return JSON.parse(
    JSON.stringify({
      kind: "multi",
      targetingKey: pick([undefined, "ann"]),
      ...Object.fromEntries(several),
    }),
  );
}
