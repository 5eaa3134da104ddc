import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AssignmentEvent,
  type BanditEvent,
  type Client,
  Configuration,
  createClient,
} from "@sortition/core";
import { type ContextAttributes, eppo } from "@sortition/core/eppo";
import { conformanceFolder } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BanditVendor } from "./bandit/vendor.js";

/** A file of `ufc/bandit-tests`. */
interface CaseFile {
  readonly flag: string;
  readonly defaultValue: string;
  readonly subjects: readonly Subject[];
}

interface Subject {
  readonly subjectKey: string;
  readonly subjectAttributes: ContextAttributes;
  readonly actions: readonly (ContextAttributes & { readonly actionKey: string })[];
  readonly assignment: { readonly variation: string; readonly action: string | null };
}

const vendors = conformanceFolder("eppo");
const folder = vendors === null ? null : join(vendors, "eppo");

/** Reads a file of the data set. */
function read(path: string): string {
  return readFileSync(join(folder ?? "", path), "utf8");
}

interface Bodies {
  readonly flags: string;
  readonly models: string;
}

function plain(): Bodies {
  return { flags: read("ufc/bandit-flags-v1.json"), models: read("ufc/bandit-models-v1.json") };
}

/** Returns the same bodies with only one form of bandit references. */
function without(form: "bandits" | "banditReferences"): Bodies {
  const { flags, models } = plain();
  const body = JSON.parse(flags) as Record<string, object>;
  expect(Object.keys(body[form] ?? {}).length).toBeGreaterThan(0);
  return { flags: JSON.stringify({ ...body, [form]: undefined }), models };
}

function wire(): Bodies {
  const { config, bandits } = JSON.parse(read("configuration-wire/bandit-flags-v1.json")) as Record<
    string,
    { response: string }
  >;
  return { flags: config?.response ?? "", models: bandits?.response ?? "" };
}

const caseFiles: readonly (readonly [string, CaseFile])[] =
  folder === null
    ? []
    : readdirSync(join(folder, "ufc/bandit-tests"))
        .sort()
        .map((name) => [name, JSON.parse(read(`ufc/bandit-tests/${name}`)) as CaseFile]);

/** All forms in which the vendor publishes the same bandits. */
const forms: readonly (readonly [string, () => Bodies])[] = [
  ["both forms of references", plain],
  ["newer references", () => without("bandits")],
  ["older references", () => without("banditReferences")],
  ["wire", wire],
];

const passed = new Map<string, number>();

afterAll(() => {
  if (folder === null) return;
  const parts = [...passed].map(([name, count]) => `${name} ${count}`);
  process.stderr.write(`eppo bandit conformance, cases passed: ${parts.join(", ")}\n`);
});

describe.skipIf(folder === null)("Eppo's bandit cases", () => {
  const vendor = new BanditVendor();

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { flags, models } = plain();
    await vendor.load(flags, models);
  });

  afterAll(() => {
    vi.useRealTimers();
  });

  it("has 35 cases", () => {
    expect(caseFiles.flatMap(([, { subjects }]) => subjects)).toHaveLength(35);
  });

  describe.each(forms)("with %s", (form, bodies) => {
    for (const [file, cases] of caseFiles) {
      cases.subjects.forEach((subject, i) => {
        it(`${file} #${i} ${subject.subjectKey}`, () => {
          check(vendor, createAsked(bodies()), cases, subject);
          passed.set(form, (passed.get(form) ?? 0) + 1);
        });
      });
    }
  });
});

interface Asked {
  readonly client: Client;
  readonly events: (AssignmentEvent | BanditEvent)[];
}

function createAsked({ flags, models }: Bodies): Asked {
  const events: (AssignmentEvent | BanditEvent)[] = [];
  const initialConfiguration = Configuration.from({
    dialect: eppo(),
    payloads: { flags: flags, bandits: models },
  });
  expect(initialConfiguration.issues).toEqual([]);
  const client = createClient({
    dialect: eppo(),
    initialConfiguration,
    deduplication: false,
    assignmentLogger: {
      logAssignment: (event) => void events.push(event),
      logBanditAction: (event) => void events.push(event),
    },
  });
  return { client, events };
}

/**
 * Compares variation and action with the data set, and probability, gap and details with the
 * vendor's SDK.
 */
function check(
  vendor: BanditVendor,
  { client, events }: Asked,
  { flag, defaultValue }: CaseFile,
  { subjectKey, subjectAttributes, actions, assignment }: Subject,
): void {
  const byName = Object.fromEntries(
    actions.map(({ actionKey, ...context }) => [actionKey, context]),
  );
  const asked = [flag, subjectKey, subjectAttributes, byName, defaultValue] as const;
  expect(client.getBanditAction(...asked)).toEqual(assignment);
  events.splice(0);

  const ours = client.getBanditActionDetails(...asked);
  expect({ variation: ours.variation, action: ours.action }).toEqual(assignment);
  vendor.takeEvents();
  const theirs = vendor.ask((it) =>
    it.getBanditActionDetails(...(asked as unknown as VendorArguments)),
  );
  const ignored = { configFetchedAt: "", configPublishedAt: "" };
  expect({ ...ours.evaluationDetails, ...ignored }).toEqual({
    ...theirs.evaluationDetails,
    ...ignored,
  });

  const chosen = events.find((event): event is BanditEvent => "banditKey" in event);
  const vendorsChoice = vendor.takeEvents().find((event) => "bandit" in event);
  expect(chosen?.actionProbability).toBe(vendorsChoice?.actionProbability);
  expect(chosen?.optimalityGap).toBe(vendorsChoice?.optimalityGap);
  expect(chosen?.modelVersion).toBe(vendorsChoice?.modelVersion);
  expect(chosen?.action ?? null).toBe(assignment.action);
  expect(ours.banditExposure.logged).toBe(assignment.action !== null);
}

/** The vendor's types do not allow `null`. */
type VendorArguments = Parameters<BanditVendor["client"]["getBanditActionDetails"]>;
