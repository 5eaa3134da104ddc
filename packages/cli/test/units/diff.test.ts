import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";
import { members } from "./logged.js";
import { GROUPING_VENDORS } from "./vendors.js";

/** Compares two payloads of a vendor for subjects, and fails if any may move. */
async function diff(
  dialect: string,
  [old, now]: readonly [object, object],
  subjects: readonly { readonly key: string; readonly attributes: object }[],
) {
  const paths = [old, now].map((it, i) => jsonFile(`diff-${i}.json`, it));
  const rows = subjects.map(({ attributes, key }) => {
    return { subjectKey: key, subjectAttributes: attributes };
  });
  const subjectsPath = tempFile("diff-subjects.ndjson", ndjson(rows));
  const args = ["diff", ...paths, "--dialect", dialect, "--subjects", subjectsPath];
  const { exitCode, stdout } = await run([...args, "--max-moved", "0", "--json"]);
  const [flag] = parseLines(stdout) as unknown as [{ movement: { moved: number } }];
  return { exitCode, flag };
}

describe("diff of experiments that are split by groups", () => {
  it.each(GROUPING_VENDORS)(
    "fails for subjects of $name without the group",
    async ({ name, payloadOf }) => {
      const sides = [payloadOf(["test"]), payloadOf(["test"], 60)] as const;
      const subjects = members(1, 50, () => ({}));
      expect(await diff(name, sides, subjects)).toMatchObject({ exitCode: 1 });
    },
  );

  it.each(GROUPING_VENDORS)(
    "passes for subjects of $name with the group, if nothing that they need changed",
    async ({ attributesOf, name, payloadOf }) => {
      const sides = [payloadOf(["test"]), payloadOf(["test"])] as const;
      const subjects = members(1, 50, attributesOf);
      expect(await diff(name, sides, subjects)).toMatchObject({ exitCode: 0 });
    },
  );
});

describe("diff of a LaunchDarkly rule that reads another kind of context", () => {
  const clause = { contextKind: "org", attribute: "plan", op: "in", values: ["pro"] };
  const payloadOf = (values: readonly string[]) => ({
    flags: {
      test: {
        ...{ key: "test", version: 1, on: true, salt: "s", variations: ["a", "b"] },
        rules: [{ id: "pro", variation: 1, clauses: [{ ...clause, values }] }],
        fallthrough: { variation: 0 },
      },
    },
    segments: {},
  });
  const sides = [payloadOf(["pro"]), payloadOf(["team"])] as const;

  it.each([
    { attributes: {}, exitCode: 1, because: "they name no kind" },
    { attributes: { kind: "user" }, exitCode: 0, because: "there is no org" },
    {
      attributes: { kind: "multi", user: { key: "u" }, device: { key: "d" } },
      exitCode: 0,
      because: "there is no org",
    },
    {
      attributes: { kind: "multi", user: { key: "u" }, org: { key: "o", plan: "free" } },
      exitCode: 0,
      because: "no rule matches",
    },
  ])("exits with $exitCode for $attributes, because $because", async ({ attributes, exitCode }) => {
    const subjects = [{ key: "alice", attributes: { ...attributes, key: "alice" } }];
    expect(await diff("launchdarkly", sides, subjects)).toMatchObject({ exitCode });
  });
});
