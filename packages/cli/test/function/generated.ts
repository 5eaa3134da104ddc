import { seededRandom } from "@sortition/proof";
import { expect } from "vitest";
import type { GeneratedDialect } from "../generated/dialects.js";
import { generatedFlags, generatedSubjects } from "../generated/flags.js";
import { expectClientAnswers } from "./answers-equal.js";
import type { Asked } from "./expected.js";

const FLAGS = 10;

/** Compares this number of generated rows with the client. Every seventh row lacks the attribute that rules read. */
export async function expectGeneratedEqual(
  dialect: GeneratedDialect,
  count: number,
): Promise<void> {
  const random = seededRandom(54);
  const flags = generatedFlags(random, FLAGS);
  const rows = generatedSubjects(random, count).map(
    ({ subjectAttributes, subjectKey }, i): Asked => ({
      flag: flags[i % FLAGS]?.key ?? "",
      subject: i % 5 === 0 ? `${subjectKey}-é😀` : subjectKey,
      attributes: i % 7 === 0 ? { plan: ["pro"] } : { ...subjectAttributes, age: i, seen: { i } },
    }),
  );
  const answers = (await expectClientAnswers(
    dialect.name,
    dialect.configOf(flags),
    rows,
  )) as readonly { variation: string | null; missing: string | null }[];
  expect(new Set(answers.map(({ variation }) => variation)).size).toBeGreaterThan(2);
  expect(new Set(answers.map(({ missing }) => missing))).toEqual(new Set([null, "nation"]));
}
