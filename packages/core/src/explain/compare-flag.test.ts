import { describe, expect, it } from "vitest";
import { Configuration } from "../configuration.js";
import { eppoExplainer } from "../eppo/explain/explainer.js";
import { eppo } from "../eppo/factory.js";
import { md5Hex } from "../hash/md5.js";
import { changeOf, compareFlag, keysOfBoth } from "./compare-flag.js";

function flag(key: string, salt = "s"): object {
  const shards = [{ salt, ranges: [{ start: 0, end: 50 }] }];
  return {
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 100,
    variations: { on: { key: "on", value: "on" } },
    allocations: [{ key: "half", splits: [{ variationKey: "on", shards }] }],
  };
}

function configurationOf(
  flags: Readonly<Record<string, object>>,
  format = "SERVER",
): Configuration {
  const environment = { name: "Test" };
  const payload = { createdAt: "2026-01-05T00:00:00.000Z", format, environment, flags };
  return Configuration.from({ dialect: eppo(), payloads: { flags: JSON.stringify(payload) } });
}

describe("two configurations", () => {
  const old = configurationOf({ same: flag("same"), salt: flag("salt"), gone: flag("gone") });
  const now = configurationOf({ same: flag("same"), salt: flag("salt", "t"), born: flag("born") });

  it("are compared by the keys of both", () => {
    expect([...keysOfBoth(old, now, eppoExplainer)].sort()).toEqual([
      ...["born", "gone", "salt", "same"],
    ]);
  });

  it.each([
    { key: "same", change: "same", changes: [] },
    { key: "salt", change: "changed", changes: ["salt"] },
    { key: "gone", change: "removed", changes: [] },
    { key: "born", change: "added", changes: [] },
  ])("show that $key is $change", ({ change, changes, key }) => {
    expect(changeOf(key, old, now, eppoExplainer)).toBe(change);
    const compared = compareFlag(key, old, now, eppoExplainer);
    expect(compared.change).toBe(change);
    expect(compared.changes.map(({ aspect }) => aspect)).toEqual(changes);
  });
});

it("keep the key of a flag whose key became a hash, and show it as changed", () => {
  const old = configurationOf({ checkout: flag("checkout") });
  const now = configurationOf({ [md5Hex("checkout")]: flag("checkout") }, "CLIENT");
  expect([...keysOfBoth(old, now, eppoExplainer)]).toEqual(["checkout"]);
  expect(changeOf("checkout", old, now, eppoExplainer)).toBe("changed");
});
