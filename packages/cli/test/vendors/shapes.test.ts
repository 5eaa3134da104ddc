import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Configuration } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { seededRandom } from "@sortition/proof";
import { describe, expect, it } from "vitest";
import { type Logged, plantedEvents, REVISION_TIMES, revision } from "../replay/planted.js";
import { ndjson, run, tempFolder } from "../run.js";

/** To test more rows by hand, set `SORTITION_PLANTED_ROWS=300000`. */
const ROWS = Number(process.env["SORTITION_PLANTED_ROWS"] ?? 2_000);
const OF_EACH = Math.max(5, Math.floor(ROWS / 2_000));

/** Converts an event to a row of a table, in which `null` is an empty cell. */
type RowOf = (event: Logged) => Readonly<Record<string, unknown>>;

const tableRow: RowOf = (event) => {
  const attributes = event["subjectAttributes"] as { readonly country?: string };
  return {
    id: event["messageId"],
    user_id: event.subject,
    timestamp: event["timestamp"],
    feature_flag: event["featureFlag"],
    allocation: event["allocation"],
    experiment_id: event["experiment"],
    variation_id: event["variation"],
    country: attributes.country ?? null,
    version: "1.0",
  };
};

const csvOf = (
  rows: readonly Readonly<Record<string, unknown>>[],
  header: readonly string[],
): string => {
  const lines = rows.map((row) =>
    Object.values(row).map((cell) => (cell === null ? "" : `"${cell}"`)),
  );
  return `${[header, ...lines].map((cells) => cells.join(",")).join("\n")}\n`;
};

const databaseTime = (event: Logged): string =>
  `${event["timestamp"]}`.replace("T", " ").replace("Z", "");

/** Creates the files of a warehouse export of these events, by file name. */
type Export = (events: readonly Logged[]) => Readonly<Record<string, string | Buffer>>;

const NAMES = Object.keys(tableRow({ subject: "", subjectAttributes: {} }));

const asCsv: Export = (events) => ({ "exposures.csv": csvOf(events.map(tableRow), NAMES) });

/** BigQuery omits NULL values. */
const asBigQueryJson: Export = (events) => {
  const rows = events.map((event) => {
    const row = { ...tableRow(event), timestamp: `${databaseTime(event)} UTC` };
    return Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null));
  });
  return { "000000000000.json.gz": gzipSync(ndjson(rows)) };
};

const asSnowflakeParts: Export = (events) => {
  const header = NAMES.map((name) => name.toUpperCase());
  const rows = events.map((event) => ({
    ...tableRow(event),
    timestamp: `${databaseTime(event)} +0000`,
  }));
  const size = Math.ceil(rows.length / 7);
  const parts = Array.from({ length: 7 }, (_, i) => rows.slice(i * size, (i + 1) * size));
  return Object.fromEntries(
    parts.map((part, i) => [`data_0_0_${i}.csv.gz`, gzipSync(csvOf(part, header))]),
  );
};

/** A column of nested JSON in which every row has all members. */
const asDatabaseJson: Export = (events) => {
  const rows = events.map((event) => {
    const { country = null } = event["subjectAttributes"] as { readonly country?: string };
    return { ...event, subjectAttributes: { country }, timestamp: databaseTime(event) };
  });
  return { "exposures.json": ndjson(rows) };
};

describe("planted faults", () => {
  const payloads = REVISION_TIMES.map((_, i) => JSON.stringify(revision(i)));
  const revisions = payloads.map((flags) =>
    Configuration.from({ dialect: eppo(), payloads: { flags } }),
  );
  const plan = { random: seededRandom(62), events: ROWS, ofEach: OF_EACH, revisions };
  // Tables do not mark forced variations.
  const events = plantedEvents(plan).filter((event) => event["forced"] !== true);
  const folderOf = (name: string, contents: ReturnType<Export>): string => {
    const folder = join(tempFolder(), `shape-${name}`);
    mkdirSync(folder, { recursive: true });
    for (const [file, content] of Object.entries(contents))
      writeFileSync(join(folder, file), content);
    return folder;
  };
  const history = (): string =>
    folderOf("history", Object.fromEntries(payloads.map((text, i) => [`${i}.json`, text])));
  const countsOf = async (folder: string, ...more: readonly string[]) => {
    const { stdout } = await run([
      ...["replay", folder, "--history", history(), "--json"],
      ...more,
    ]);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  };
  const COUNTRY = ["--preset", "experiment", "--map", "attributes.country=country"];

  it.each<{ shape: string; exported: Export; options: readonly string[] }>([
    { shape: "CSV", exported: asCsv, options: COUNTRY },
    { shape: "BigQuery's JSON", exported: asBigQueryJson, options: COUNTRY },
    {
      shape: "Snowflake's parts",
      exported: asSnowflakeParts,
      options: ["--preset", "experiment", "--map", "attributes.country=COUNTRY"],
    },
    { shape: "nested JSON of a database", exported: asDatabaseJson, options: ["--zone", "UTC"] },
  ])(
    "are found in $shape as in the events of Sortition's loggers",
    async ({ exported, options, shape }) => {
      const logged = folderOf("logged", { "exposures.ndjson": ndjson(events) });
      const expected = await countsOf(logged);
      const { "attributes-missing": missing, "no-such-flag": noFlag } = expected.total;
      expect(expected).toMatchObject({
        duplicates: OF_EACH,
        outOfOrder: OF_EACH,
        twoVariations: OF_EACH,
      });
      expect([missing, noFlag]).toEqual([OF_EACH, OF_EACH]);
      expect(await countsOf(folderOf(shape, exported(events)), ...options)).toEqual(expected);
    },
  );
});
