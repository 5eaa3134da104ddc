import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { afterAll, describe, expect, it } from "vitest";
import type { Attributes, Client } from "../src/index.js";
import { Configuration, createClient } from "./eppo-client.js";

/** One subject of a file of `ufc/tests`, as the vendor wrote it. */
interface Subject {
  readonly subjectKey: string;
  readonly subjectAttributes: Attributes;
  readonly assignment: unknown;
  readonly evaluationDetails: Readonly<Record<string, unknown>>;
}

/** One file of `ufc/tests`. */
interface CaseFile {
  readonly flag: string;
  readonly variationType: "STRING" | "INTEGER" | "NUMERIC" | "BOOLEAN" | "JSON";
  readonly defaultValue: unknown;
  readonly subjects: readonly Subject[];
}

const vendors = conformanceFolder("eppo");
const folder = vendors === null ? null : join(vendors, "eppo");

/** Reads a file of the data set. */
function read(path: string): string {
  return readFileSync(join(folder ?? "", path), "utf8");
}

/** Returns the server's body inside a configuration wire. */
function unwrap(path: string): string {
  return (JSON.parse(read(path)) as { config: { response: string } }).config.response;
}

const caseFiles: readonly (readonly [string, CaseFile])[] =
  folder === null
    ? []
    : readdirSync(join(folder, "ufc/tests"))
        .sort()
        .map((name) => [name, JSON.parse(read(`ufc/tests/${name}`)) as CaseFile]);

/**
 * The vendor's wires hold an earlier state of the flags than its cases: three flags are missing and one has
 * fewer allocations. Their 13 cases cannot pass there, in any SDK.
 */
const OLDER_IN_WIRES: readonly string[] = [
  "boolean-false-assignment",
  "empty-string-variation",
  "falsy-value-assignments",
  "json-config-flag",
];

/** Every form in which the vendor publishes the same flags, with the number of cases. */
const forms = [
  { name: "plain", path: "ufc/flags-v1.json", count: 225 },
  { name: "obfuscated", path: "ufc/flags-v1-obfuscated.json", count: 225 },
  { name: "wire", path: "configuration-wire/flags-v1.json", count: 212 },
  { name: "obfuscated wire", path: "configuration-wire/flags-v1-obfuscated.json", count: 212 },
] as const;

const results: { readonly name: string; passed: number; total: number }[] = [];

describe.skipIf(folder === null)("Eppo's assignment cases", () => {
  for (const { name, path, count } of forms) describe(name, () => defineCases(name, path, count));
});

afterAll(() => {
  if (folder === null) return;
  const parts = results.map(({ name, passed, total }) => `${name} ${passed} of ${total}`);
  process.stderr.write(`eppo conformance: ${parts.join(", ").replace(/^plain /, "")}\n`);
});

/** Declares one test for each case of one form. */
function defineCases(name: string, path: string, count: number): void {
  it(`has ${count} cases`, () => {
    expect(result.total).toBe(count);
  });
  const result = { name, passed: 0, total: 0 };
  if (folder === null) return;
  results.push(result);
  const isWire = name.endsWith("wire");
  const isObfuscated = name.startsWith("obfuscated");
  const client = createClient({
    initialConfiguration: Configuration.from({
      flagsConfiguration: isWire ? unwrap(path) : read(path),
    }),
    assignmentLogger: null,
  });
  it("is in the format of its name, without issues", () => {
    expect(client.getConfiguration()).toMatchObject({ isObfuscated });
    expect(client.getConfiguration()?.issues).toEqual([]);
  });
  for (const [file, cases] of caseFiles) {
    if (isWire && OLDER_IN_WIRES.includes(cases.flag)) continue;
    cases.subjects.forEach((subject, i) => {
      result.total += 1;
      it(`${file} #${i} ${subject.subjectKey}`, () => {
        check(client, cases, subject, isObfuscated);
        result.passed += 1;
      });
    });
  }
}

/** The value of both getters, and every member of the details that the vendor expects. */
function check(client: Client, cases: CaseFile, subject: Subject, isObfuscated: boolean): void {
  const { plain, details } = ask(client, cases, subject);
  expect(plain).toEqual(subject.assignment);
  expect(details.value).toEqual(subject.assignment);
  expect(details.action).toBeNull();
  // Rules of an obfuscated body stay hashed in the details.
  const ignored = isObfuscated ? ["matchedRule"] : [];
  const given = details.evaluationDetails as Readonly<Record<string, unknown>>;
  const expected = Object.entries(subject.evaluationDetails);
  expect(expected.length).toBe(11);
  for (const [key, value] of expected) {
    if (!ignored.includes(key)) expect(given[key], key).toEqual(value);
  }
}

function ask(client: Client, cases: CaseFile, subject: Subject) {
  const { flag, defaultValue } = cases;
  const { subjectKey: key, subjectAttributes: attributes } = subject;
  // The data set gives each type a default value of that type.
  switch (cases.variationType) {
    case "STRING":
      return {
        plain: client.getStringAssignment(flag, key, attributes, defaultValue as string),
        details: client.getStringAssignmentDetails(flag, key, attributes, defaultValue as string),
      };
    case "INTEGER":
      return {
        plain: client.getIntegerAssignment(flag, key, attributes, defaultValue as number),
        details: client.getIntegerAssignmentDetails(flag, key, attributes, defaultValue as number),
      };
    case "NUMERIC":
      return {
        plain: client.getNumericAssignment(flag, key, attributes, defaultValue as number),
        details: client.getNumericAssignmentDetails(flag, key, attributes, defaultValue as number),
      };
    case "BOOLEAN":
      return {
        plain: client.getBooleanAssignment(flag, key, attributes, defaultValue as boolean),
        details: client.getBooleanAssignmentDetails(flag, key, attributes, defaultValue as boolean),
      };
    case "JSON":
      return {
        plain: client.getJSONAssignment(flag, key, attributes, defaultValue as object),
        details: client.getJSONAssignmentDetails(flag, key, attributes, defaultValue as object),
      };
  }
}
