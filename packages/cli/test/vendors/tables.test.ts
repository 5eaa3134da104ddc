import { ifWhole } from "@sortition/test-kit";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { run, tempFile } from "../run.js";

const TIME = "2026-02-01T00:00:00Z";

/** An Eppo flag whose experiment includes only Danes. */
const DANES = { key: "checkout", name: "danes", salt: "s", when: { country: ["DK"] } };
const EPPO = JSON.stringify({
  ...flagsPayload("eppo", [splitFlag({ ...DANES, shares: { a: 50, b: 50 } })]),
  createdAt: TIME,
});

const growthbook = (condition: object, more: object = {}): string => {
  const rule = { key: "price", hashVersion: 2, coverage: 1, variations: ["a", "b"], condition };
  const meta = [{ key: "a" }, { key: "b" }];
  const features = { price: { defaultValue: "none", rules: [{ ...rule, meta, ...more }] } };
  return JSON.stringify({ features });
};

let files = 0;
const fileOf = (text: string): string => tempFile(`table-${files++}.txt`, text);

/** The variations that a configuration gives to the users 0 to 199 with these attributes; `null` means none. */
async function variationsOf(
  config: string,
  attributesOf: (i: number) => object,
): Promise<readonly string[]> {
  const requests = Array.from({ length: 200 }, (_, i) => {
    const common = { flag: "checkout", type: "string", default: "", subjectKey: `user-${i}` };
    const context = { attributes: { id: `user-${i}`, ...attributesOf(i) } };
    const request = config.includes("features")
      ? { feature: "price", context }
      : { ...common, subjectAttributes: attributesOf(i) };
    return `${JSON.stringify(request)}\n`;
  });
  const { stdout } = await run(["evaluate", "--config", fileOf(config)], requests.join(""));
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { evaluationDetails, result } = JSON.parse(line);
      return evaluationDetails?.variationKey ?? result?.value;
    });
}

async function replayed(config: string, table: string, ...more: readonly string[]) {
  const args = ["replay", fileOf(table), "--config", fileOf(config), "--json", ...more];
  const { exitCode, stderr, stdout } = await run(args);
  const report = stdout === "" ? null : JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  const kinds = Object.entries(report?.total ?? {}).filter(([, n]) => n !== 0);
  return { exitCode, stderr, kinds: Object.fromEntries(kinds), duplicates: report?.duplicates };
}

const csv = (header: string, rows: readonly (readonly unknown[])[]): string =>
  `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`;
const quoted = (value: unknown): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
const users = <T>(rowOf: (i: number) => T): readonly T[] =>
  Array.from({ length: 200 }, (_, i) => rowOf(i));

describe("an experiment table with additional columns", () => {
  const HEADER = "id,user_id,timestamp,feature_flag,experiment_id,variation_id";
  const rowsOf = async (): Promise<readonly (readonly string[])[]> => {
    const variations = await variationsOf(EPPO, () => ({ country: "DK" }));
    return users((i) => [
      `e${i}`,
      `user-${i}`,
      TIME,
      "checkout",
      "checkout-danes",
      variations[i] ?? "",
    ]);
  };

  it("prints the columns that are read and ignored, and each missing attribute with its --map", async () => {
    const rows = (await rowsOf()).map((row) => [...row, "DK", "1.0"]);
    const table = csv(`${HEADER},country,version`, rows);
    const { kinds, stderr } = await replayed(EPPO, table);
    expect(kinds).toEqual({ "attributes-missing": 200 });
    expect(stderr.split("\n").slice(1, -1)).toEqual([
      "read as an experiment table (--preset experiment): experiment=experiment_id, variation=variation_id, " +
        "time=timestamp, subject=user_id, flag=feature_flag, id=id; ignored: country, version",
      "exposures that were not judged because they lack an attribute that a rule reads:",
      "  200 lack country (the rows have a column country)",
      "to read it, use --preset experiment --map attributes.country=country",
      "error: no exposure could be judged: required attributes or data are missing for 200 of 200",
    ]);
    const given = await replayed(
      EPPO,
      table,
      "--preset",
      "experiment",
      "--map",
      "attributes.country=country",
    );
    expect(given.kinds).toEqual({ right: 200 });
  });

  it("prints a column without a name, and how to export the text of a struct", async () => {
    const rows = (await rowsOf()).map((row, i) => [...row, "\"{'country': DK}\"", i]);
    const table = csv(`${HEADER},struct,`, rows);
    const { stderr } = await replayed(EPPO, table);
    expect(stderr).toContain('; ignored: struct, ""\n');
    const map = ["--preset", "experiment", "--map"];
    for (const target of ["attributes", "attributes.address:json"]) {
      const { stderr: refused } = await replayed(EPPO, table, ...map, `${target}=struct`);
      expect(refused).toContain(
        `got "{'country': DK}". If a database wrote it, cast the column to JSON`,
      );
    }
    const json = csv(
      `${HEADER},struct`,
      (await rowsOf()).map((row) => [...row, quoted({ country: "DK" })]),
    );
    const given = await replayed(EPPO, json, ...map, "attributes=struct");
    expect(given.kinds).toEqual({ right: 200 });
    expect(given.stderr).not.toContain("cast");
  });

  ifWhole(it)("does not suggest a column that --map already names", async () => {
    const rows = (await rowsOf()).map((row, i) => [...row, i < 20 ? "" : "DK"]);
    const map = ["--preset", "experiment", "--map", "attributes.country=country"];
    const { kinds, stderr } = await replayed(EPPO, csv(`${HEADER},country`, rows), ...map);
    expect(kinds).toEqual({ right: 180, "attributes-missing": 20 });
    expect(stderr).toMatch(/^ {2}20 lack country \(the column country is empty\)$/m);
    expect(stderr).not.toContain("to read it");
  });

  it("may have the attributes of --by in columns, and the message of srm suggests them", async () => {
    const rows = (await rowsOf()).map((row) => [...row, "DK"]);
    const path = fileOf(csv(`${HEADER},Country`, rows));
    const args = ["srm", path, "--config", fileOf(EPPO), "--by", "country"];
    const { exitCode, stderr } = await run(args);
    expect(exitCode).toBe(2);
    const map = "--preset experiment --map attributes.country=Country";
    expect(stderr).toContain(
      `--by: no exposure has the attribute "country". The rows have a column Country. To read it, use ${map}\n`,
    );
    const given = await run([...args, ...map.split(" ")]);
    expect(given.exitCode).toBe(0);
  });

  it.each(["attributes", "subject_attributes", "SUBJECT_ATTRIBUTES"])(
    "reads the flag, the allocation and %s",
    async (name) => {
      const rows = (await rowsOf()).map((row, i) => [
        ...row,
        "danes",
        quoted({ country: i < 20 ? "SE" : "DK" }),
      ]);
      rows[50]?.splice(3, 1, "chekout");
      const { kinds } = await replayed(EPPO, csv(`${HEADER},allocation,${name}`, rows));
      expect(kinds).toEqual({ right: 179, "not-in-experiment": 20, "no-such-flag": 1 });
    },
  );

  it("finds the flag by its experiment when the flag column is empty, and ignores invalid attributes", async () => {
    const rows = (await rowsOf()).map((row) => [...row.with(3, ""), "text"]);
    const { kinds, stderr } = await replayed(EPPO, csv(`${HEADER},attributes`, rows));
    expect(kinds).toEqual({ "attributes-missing": 200 });
    expect(stderr).not.toContain("warning");
  });

  it("finds duplicates by the id of a row, and ignores an id column that identifies users", async () => {
    const rows = await rowsOf();
    const copies = csv(HEADER, [...rows, ...rows.slice(0, 30)]);
    expect((await replayed(EPPO, copies)).duplicates).toBe(30);
    const ofUsers = rows.map(([, ...row], i) => [i % 40, ...row]);
    const { duplicates, stderr } = await replayed(EPPO, csv(HEADER, ofUsers));
    expect(duplicates).toBe(0);
    expect(stderr).toContain("; ignored: id\n");
    expect(stderr).toContain(
      "the column id is ignored, because 160 rows repeat the id of a row with another",
    );
    const map = ["--preset", "experiment", "--map", "id=id"];
    expect((await replayed(EPPO, csv(HEADER, ofUsers), ...map)).duplicates).toBe(160);
  });

  ifWhole(it)("may name variations by index next to a flag column", async () => {
    const config = growthbook({ country: "DK" });
    const variations = await variationsOf(config, () => ({ country: "DK" }));
    const rows = users((i) => {
      const index = variations[i] === "a" ? 0 : 1;
      return [`user-${i}`, TIME, "price", "price", index, quoted({ country: "DK" })];
    });
    const table = csv("user_id,timestamp,feature_flag,experiment_id,variation_id,attributes", rows);
    expect((await replayed(config, table)).kinds).toEqual({ right: 200 });
    const args = ["srm", fileOf(table), "--config", fileOf(config)];
    const { stderr, stdout } = await run(args);
    expect(stdout).toMatch(/a 50 ?% → /);
    expect(stderr).toContain("flag=feature_flag, attributes=attributes\n");
  });
});

ifWhole(describe)("GrowthBook's event", () => {
  it("is not described as a table, because its fields are properties", async () => {
    const rows = users((i) => {
      const properties = { experimentId: "price", variationId: "a", hashAttribute: "id" };
      const event = { event: "Experiment Viewed", userId: `user-${i}`, timestamp: TIME };
      return JSON.stringify({ ...event, properties: { ...properties, hashValue: `user-${i}` } });
    });
    const { kinds, stderr } = await replayed(growthbook({}), `${rows.join("\n")}\n`);
    expect(Object.keys(kinds).sort()).toEqual(["right", "wrong-variation"]);
    expect(stderr).not.toContain("read as an experiment table");
  });
});

describe("a row of a table", () => {
  it("without a user belongs to its anonymous id", async () => {
    const variations = await variationsOf(EPPO, () => ({ country: "DK" }));
    const rows = users((i) => {
      const [user, anonymous] = i % 2 === 0 ? [`user-${i}`, "x"] : ["", `user-${i}`];
      return [user, anonymous, TIME, "checkout-danes", variations[i], quoted({ country: "DK" })];
    });
    const header = "user_id,anonymous_id,timestamp,experiment_id,variation_id,attributes";
    const { kinds, stderr } = await replayed(EPPO, csv(header, rows));
    expect(kinds).toEqual({ right: 200 });
    expect(stderr).toContain("subject=user_id or anonymous_id");
    expect(stderr).not.toContain("ignored");
  });

  it("may have its attributes as a JSON string in NDJSON and in CSV", async () => {
    const variations = await variationsOf(EPPO, () => ({ country: "DK" }));
    const rows = users((i) => ({
      ...{ user: `user-${i}`, at: TIME, flag: "checkout", arm: variations[i] },
      properties: JSON.stringify({ country: "DK", more: { age: 3 } }),
    }));
    const map = ["--map", "flag=flag,subject=user,time=at,variation=arm,attributes=properties"];
    const table = `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
    expect(await replayed(EPPO, table, ...map)).toMatchObject({
      exitCode: 0,
      kinds: { right: 200 },
    });
    const one = [
      `${map[1]?.replace("attributes=properties", "attributes.country=properties.country")}`,
    ];
    expect((await replayed(EPPO, table, "--map", ...one)).kinds).toEqual({ right: 200 });
  });

  it("lacks an attribute whose nested value is null, while Sortition's own event has null as the value", async () => {
    const event = { subject: "user-1", subjectAttributes: { country: null }, variation: "a" };
    const own = { featureFlag: "checkout", ...event };
    const ofDatabase = { ...own, timestamp: "2026-02-01 00:00:00.000" };
    const map =
      "flag=featureFlag,subject=subject,variation=variation,time=timestamp,attributes=subjectAttributes";
    const kindsOf = async (row: object, ...more: readonly string[]) =>
      (await replayed(EPPO, `${JSON.stringify(row)}\n`, "--zone", "UTC", ...more)).kinds;
    expect(await kindsOf({ ...own, timestamp: TIME })).toEqual({ "not-in-experiment": 1 });
    expect(await kindsOf(ofDatabase)).toEqual({ "attributes-missing": 1 });
    expect(await kindsOf({ ...own, timestamp: TIME }, "--map", map)).toEqual({
      "attributes-missing": 1,
    });
  });
});

describe("a cell of a table", () => {
  const HEADER = "user_id,timestamp,experiment_id,variation_id,age,premium";
  const preset = (map: string): readonly string[] => ["--preset", "experiment", "--map", map];
  const ATTRIBUTES = "attributes.age=age,attributes.premium=premium";

  const tableOf = async (config: string): Promise<string> => {
    const attributes = (i: number): object => ({ age: 20 + (i % 2), premium: true });
    const variations = await variationsOf(config, attributes);
    return csv(
      HEADER,
      users((i) => [`user-${i}`, TIME, "price", variations[i], 20 + (i % 2), "true"]),
    );
  };

  it("is converted to the type that GrowthBook's rules compare with, and the command says so", async () => {
    const config = growthbook({ age: { $in: [20, 21] }, $and: [{ premium: true }] });
    const { kinds, stderr } = await replayed(config, await tableOf(config), ...preset(ATTRIBUTES));
    expect(kinds).toEqual({ right: 200 });
    expect(stderr).toContain("compare with: age to numbers, premium to booleans.");
    const strings = "attributes.age:string=age,attributes.premium=premium";
    const kept = await replayed(config, await tableOf(config), ...preset(strings));
    expect(kept.kinds).toEqual({ "not-in-experiment": 200 });
  });

  it("in nested JSON is converted, too, because BigQuery writes INT64 as a string", async () => {
    const config = growthbook({ "company.age": { $gte: 20 } });
    const variations = await variationsOf(config, () => ({ company: { age: 20 } }));
    const rows = users((i) => {
      const attributes = { company: { age: "20" } };
      const row = { user_id: `user-${i}`, timestamp: TIME, experiment_id: "price" };
      return JSON.stringify({ ...row, variation_id: variations[i], attributes });
    });
    const { kinds, stderr } = await replayed(config, `${rows.join("\n")}\n`);
    expect(kinds).toEqual({ right: 200 });
    expect(stderr).toContain("company.age to numbers");
  });

  it.each<{ because: string; condition: object; more?: object; cell: string }>([
    {
      because: "rules compare it with two types",
      condition: { age: { $in: [20, "20"] } },
      cell: "20",
    },
    {
      because: "JavaScript would write the number differently",
      condition: { age: { $ne: 7 } },
      cell: "007",
    },
    {
      because: "the attribute is hashed",
      condition: { age: { $gt: 1 } },
      more: { hashAttribute: "age" },
      cell: "20",
    },
    { because: "versions are strings", condition: { age: { $vgt: "1.0" } }, cell: "20" },
  ])("remains a string when $because", async ({ cell, condition, more }) => {
    const rows = users((i) => [`user-${i}`, TIME, "price", "a", cell, ""]);
    const map = preset("attributes.age=age");
    const { stderr } = await replayed(growthbook(condition, more), csv(HEADER, rows), ...map);
    expect(stderr).not.toContain("converted");
  });

  it.each([
    { type: "number", cell: "abc", expected: "a number" },
    { type: "boolean", cell: "maybe", expected: "a boolean (true, false, t, f, yes, no, 1 or 0)" },
    { type: "json", cell: "{x", expected: "JSON" },
  ])("that does not fit $type makes the line unreadable", async ({ cell, expected, type }) => {
    const rows = [["user-1", TIME, "price", "a", cell, ""]];
    const map = preset(`attributes.age:${type}=age`);
    const { exitCode, stderr } = await replayed(growthbook({ age: 20 }), csv(HEADER, rows), ...map);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `line 2: column "age": expected ${expected}, got ${JSON.stringify(cell)}`,
    );
  });
});

describe("--map", () => {
  const table = csv("visitor,at,feature,arm", [["user-1", TIME, "checkout", "a"]]);
  const MAP = "flag=feature,subject=visitor,time=at,variation=arm";

  it.each([
    {
      map: `${MAP},attributes.age=aeg`,
      says: '--map: unknown column "aeg"; the file has visitor, at, feature, arm',
    },
    {
      map: MAP.replace("visitor", "visiter"),
      says: '--map: unknown column "visiter", did you mean "visitor"?;',
    },
    {
      map: `${MAP},attributes.age:numbr=at`,
      says: '"numbr" is not a type, did you mean "number"?; expected string',
    },
    {
      map: `${MAP},id:string=at`,
      says: "only attributes can have a type, e.g. attributes.age:number=age",
    },
    {
      map: "attributes.age=at",
      says: "--map: flag, subject, time, variation are missing. Add them, e.g. flag=",
    },
  ])("is rejected before the rows are read: $map", async ({ map, says }) => {
    for (const command of ["replay", "srm"]) {
      const args = [command, fileOf(table), "--config", fileOf(EPPO), "--map", map];
      const { exitCode, stderr, stdout } = await run(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain(says);
      expect(stderr).not.toContain("line ");
    }
  });

  it("with a column that NDJSON rows lack gives one message", async () => {
    const rows = users((i) => JSON.stringify({ visitor: `user-${i}`, at: TIME, arm: "a" }));
    const { stderr } = await replayed(EPPO, `${rows.join("\n")}\n`, "--map", MAP);
    expect(stderr).toContain('line 1: row: the flag\'s column "feature" is missing (200 lines)');
  });
});

describe("Amplitude's flags", () => {
  const flagOf = (...selector: readonly string[]): string => {
    const condition = { selector: ["context", "user", ...selector], op: "is", values: ["DK"] };
    const segments = [{ conditions: [[condition]], variant: "on" }, { variant: "off" }];
    const variants = {
      on: { key: "on", value: "on" },
      off: { key: "off", metadata: { default: true } },
    };
    return JSON.stringify([{ key: "checkout", variants, segments }]);
  };
  const table = csv("u,t,f,v,country", [["user-1", TIME, "checkout", "on", "DK"]]);
  const MAP = "flag=f,subject=u,time=t,variation=v";

  it.each([["country"], ["user_properties", "country"]])(
    "can read the attribute %s %s from a column",
    async (...selector) => {
      const config = flagOf(...selector.filter((it) => it !== undefined));
      const given = await replayed(config, table, "--map", `${MAP},attributes.country=country`);
      expect(given.kinds).toEqual({ right: 1 });
      const lacking = await replayed(config, table, "--map", MAP);
      expect(lacking.kinds).toEqual({ "attributes-missing": 1 });
      expect(lacking.stderr).toContain(`to read it, use --map ${MAP},attributes.country=country\n`);
    },
  );
});

describe("the subjects of diff", () => {
  const OTHER = EPPO.replace('"salt":"s"', '"salt":"other"').replace(
    '"salt":"s"',
    '"salt":"other"',
  );
  const movedBy = async (
    config: string,
    other: string,
    table: string,
    ...more: readonly string[]
  ) => {
    const args = [
      "diff",
      fileOf(config),
      fileOf(other),
      "--subjects",
      fileOf(table),
      "--json",
      ...more,
    ];
    const { exitCode, stderr, stdout } = await run(args);
    const [movement] = stdout === "" ? [] : [JSON.parse(stdout).movement];
    return { exitCode, stderr, moved: movement?.moved, total: movement?.total };
  };
  const plain = users((i) => {
    const subjectAttributes = { country: i % 2 === 0 ? "DK" : "SE" };
    return JSON.stringify({ subjectKey: `user-${i}`, subjectAttributes });
  }).join("\n");

  it.each<{ of: string; table: string; more: readonly string[] }>([
    {
      of: "the output of csvLogger",
      table: csv(
        "featureFlag,allocation,experiment,variation,subject,timestamp,subjectAttributes",
        users((i) => {
          const attributes = quoted({ country: i % 2 === 0 ? "DK" : "SE" });
          return ["checkout", "danes", "checkout-danes", "a", `user-${i}`, TIME, attributes];
        }),
      ),
      more: [],
    },
    {
      of: "columns with any names",
      table: csv(
        "visitor,land",
        users((i) => [`user-${i}`, i % 2 === 0 ? "DK" : "SE"]),
      ),
      more: ["--map", "subject=visitor,attributes.country=land"],
    },
    {
      of: "attributes as a JSON string",
      table: users((i) => {
        const subjectAttributes = JSON.stringify({ country: i % 2 === 0 ? "DK" : "SE" });
        return JSON.stringify({ subjectKey: `user-${i}`, subjectAttributes });
      }).join("\n"),
      more: [],
    },
  ])("are read from $of", async ({ more, table }) => {
    const expected = await movedBy(EPPO, OTHER, plain);
    expect(expected).toMatchObject({ exitCode: 0, total: 200 });
    expect(expected.moved).toBeGreaterThan(20);
    const { moved, total } = await movedBy(EPPO, OTHER, table, ...more);
    expect({ moved, total }).toEqual({ moved: expected.moved, total: 200 });
  });

  it.each([
    {
      table: csv(
        "user_id,country",
        users((i) => [`user-${i}`, "DK"]),
      ),
      more: [],
      says: "line 2: row: no column for the subject (subjectKey, subject); the row has user_id, country. Name the column with --map subject=COLUMN,attributes.NAME=COLUMN, or write a header line if there is none (200 lines)",
    },
    {
      table: users((i) => JSON.stringify({ visitor: `user-${i}` })).join("\n"),
      more: ["--map", "subject=user"],
      says: 'line 1: row: the subject\'s column "user" is missing (200 lines)',
    },
  ])("without the key column give one message: $says", async ({ more, says, table }) => {
    const { exitCode, stderr } = await movedBy(EPPO, OTHER, table, ...more);
    expect(exitCode).toBe(2);
    expect(stderr.match(/^warning: .*$/gm)).toEqual([`warning: ${says}`]);
  });

  it("are converted to the types that GrowthBook's rules compare with", async () => {
    const [old, next] = [growthbook({ age: { $gt: 19 } }), growthbook({ age: { $gt: 20 } })];
    const table = csv(
      "visitor,age",
      users((i) => [`user-${i}`, 20 + (i % 2)]),
    );
    const map = ["--map", "subject=visitor,attributes.id=visitor,attributes.age=age"];
    const { moved, stderr } = await movedBy(old, next, table, ...map);
    expect(moved).toBe(100);
    expect(stderr).toContain("compare with: age to numbers.");
  });

  it.each([
    {
      map: "subject=visiter",
      says: '--map: unknown column "visiter", did you mean "visitor"?; the file has visitor, land',
    },
    {
      map: "subject=visitor,flag=land",
      says: "--map: flag is not used by diff; expected subject, attributes",
    },
    { map: "attributes.country=land", says: "--map: subject is missing; expected subject" },
    { map: "subject=visitor,attributes.a:date=land", says: '"date" is not a type' },
  ])("are rejected with $map", async ({ map, says }) => {
    const table = csv("visitor,land", [["user-1", "DK"]]);
    const { exitCode, stderr } = await movedBy(EPPO, OTHER, table, "--map", map);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
