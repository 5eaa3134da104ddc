import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { expectClientAnswers } from "./answers-equal.js";
import type { Asked } from "./expected.js";

type Attributes = Asked["attributes"];

/** Reads a file of the vendor. The caller knows its format. */
function read<Content>(...path: readonly string[]): Content {
  return JSON.parse(readFileSync(join(...path), "utf8")) as Content;
}

describe("functions in a realm without platform APIs", () => {
  const eppo = conformanceFolder("eppo");
  it.skipIf(eppo === null)("evaluate Eppo's cases like the client", async () => {
    const folder = join(eppo ?? "", "eppo/ufc");
    const {
      banditReferences: _,
      bandits: __,
      ...config
    } = read<Record<string, unknown>>(folder, "flags-v1.json");
    interface Cases {
      readonly flag: string;
      readonly subjects: readonly { subjectKey: string; subjectAttributes: Attributes }[];
    }
    const flags = Object.keys(config["flags"] as object);
    const rows = readdirSync(join(folder, "tests")).flatMap((name) => {
      const { flag, subjects } = read<Cases>(folder, "tests", name);
      return subjects.map(({ subjectAttributes: attributes, subjectKey: subject }) => ({
        flag,
        subject,
        attributes,
      }));
    });
    const known = rows.filter(({ flag, subject }) => flags.includes(flag) && subject !== "");
    expect(known.length).toBeGreaterThan(200);
    await expectClientAnswers("eppo", config, known);
  });

  const growthbook = conformanceFolder("growthbook");
  it.skipIf(growthbook === null)("evaluate GrowthBook's cases like the client", async () => {
    type Context = { attributes?: Attributes; features?: Record<string, unknown> };
    type Case = readonly [name: string, context: Context & { savedGroups?: object }, flag: string];
    const { feature: cases } = read<{ feature: readonly Case[] }>(
      growthbook ?? "",
      "growthbook/cases.json",
    );
    let compared = 0;
    for (const [, { attributes = {}, features = {}, savedGroups = {} }, flag] of cases) {
      const { id } = attributes;
      if (!Object.hasOwn(features, flag)) continue;
      const subject = typeof id === "string" && id !== "" ? id : "1";
      const rows = [{ flag, subject, attributes }];
      await expectClientAnswers("growthbook", { features, savedGroups }, rows);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(45);
  });

  const amplitude = conformanceFolder("amplitude");
  it.skipIf(amplitude === null)("evaluate Amplitude's cases like the client", async () => {
    interface Case {
      readonly flag: { readonly key: string };
      readonly context: { readonly user?: Attributes };
    }
    const { cases } = read<{ cases: readonly Case[] }>(
      amplitude ?? "",
      "amplitude/evaluation-trace.json",
    );
    for (const { context, flag } of cases) {
      const { user_id: subject = "1", ...attributes } = context.user ?? {};
      const rows = [{ flag: flag.key, subject: String(subject), attributes }];
      await expectClientAnswers("amplitude", [flag], rows);
    }
    expect(cases.length).toBeGreaterThan(5);
  });

  const posthog = conformanceFolder("posthog");
  it.skipIf(posthog === null)("evaluate PostHog's cases like the client", async () => {
    interface Case {
      readonly definitions: string;
      readonly now?: string;
      readonly request: {
        readonly flag: string;
        readonly distinctId: string;
        readonly personProperties?: Attributes;
        readonly groups?: object;
        readonly groupProperties?: object;
      };
    }
    interface Definitions {
      readonly flags: readonly { readonly key: string }[];
    }
    const { cases, definitions } = read<{
      cases: readonly Case[];
      definitions: Record<string, Definitions>;
    }>(posthog ?? "", "posthog/local-evaluation.json");
    let compared = 0;
    for (const { definitions: name, now, request } of cases) {
      const config = definitions[name];
      const { distinctId: subject, flag, groupProperties, groups, personProperties } = request;
      const isKnown = config?.flags.some(({ key }) => key === flag) ?? false;
      // Flags whose cohorts are missing from the file are rejected.
      if (!isKnown || subject === "" || readsMissingCohort(config)) continue;
      const attributes = {
        ...personProperties,
        ...(groups === undefined ? {} : { $groups: groups }),
        ...(groupProperties === undefined ? {} : { $group_properties: groupProperties }),
      };
      const atMs = now === undefined ? undefined : Date.parse(now);
      await expectClientAnswers("posthog", config, [{ flag, subject, attributes }], atMs);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(250);
  });
});

function readsMissingCohort(config: unknown): boolean {
  const { cohorts = {} } = config as { readonly cohorts?: object };
  const text = JSON.stringify(config);
  const ids = [...text.matchAll(/\{[^{}]*"type":"cohort"[^{}]*\}/g)].map(
    ([filter]) => JSON.parse(filter) as { readonly value: unknown },
  );
  return ids.some(({ value }) => !Object.hasOwn(cohorts, String(value)));
}
