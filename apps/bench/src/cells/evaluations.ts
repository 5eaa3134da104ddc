import { seededRandom } from "@sortition/test-kit/random";
import { NOTHING, type Opened, type Peer, type Visitor } from "../dialects/peer.js";
import {
  observedOf,
  participantsOf,
  type Row,
  targetsOf,
  type Vendor,
} from "../dialects/vendor.js";
import type { Writer } from "../dialects/writer.js";
import { accountFor, LIST_LENGTH, type Luck, listedAccounts } from "../workload/accounts.js";
import { COUNTRIES } from "../workload/audience.js";
import { received, shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, cellOf, effortOf, type Participant, type Task } from "./cell.js";
import { awaitingTask, type SubjectQuestions, subjectTask } from "./subject-task.js";
import { ratio } from "./target.js";

/** Key of the evaluated flag. */
export const FLAG = "new-checkout";
/** Name of W1's participant in cells that compare with it. */
export const OUR_W1 = "sortition, W1";
/** Number of rules of W3's flag. */
const RULES = 20;
const PAGE_FLAGS = 500;
/** Keys of a page's flags. */
export const SECTIONS: readonly string[] = Array.from(
  { length: PAGE_FLAGS },
  (_, i) => `section-${i}`,
);
const LUCKS = ["hit", "miss"] as const;
const NO_ATTRIBUTES: Visitor["attributes"] = {};

/** A flag, and the subjects for which it is evaluated. */
export interface Question extends Row {
  readonly topic?: string;
  readonly bytes: (writer: Writer) => Uint8Array;
  readonly keys?: () => readonly string[];
}

/** A cell of every vendor with one evaluation per operation. */
interface Evaluation extends Question {
  readonly id: string;
  readonly title: string;
  /** Whether our W1 takes part. */
  readonly isBesideW1?: boolean;
  /** Whether our client takes part with an observer, too. */
  readonly isObserved?: boolean;
}

/** The flag of W1. */
export const HALVES: Question = { bytes: (writer) => writer.bytes([writer.half(FLAG)]) };

/** A flag with many rules, the last of which matches. */
export const MANY_RULES: Question = {
  bytes: (writer) => writer.bytes([writer.ruled(FLAG, RULES)]),
  attributesOf: () => () => ({ plan: received(`plan-${RULES - 1}`), country: received("DE") }),
};

/** All flags of a page. */
export const PAGE: Question = {
  bytes: ({ bytes, half, section = half }) => bytes(SECTIONS.map(section)),
  keys: () => shortSubjectKeys(20_000),
  sampleSize: 100,
};

/** A flag for a long list of accounts, evaluated for accounts that are on it or not. */
export function invited(luck: Luck): Question {
  return {
    bytes: LONG_LIST.bytes,
    sampleSize: 200,
    keys: () => shortSubjectKeys(20_000),
    attributesOf: () => (i) => ({ account: accountFor(i, luck) }),
  };
}

/** Cells of every vendor. {@link Row} contains the differences between vendors. */
const EVALUATIONS: readonly Evaluation[] = [
  { ...HALVES, id: "W1", title: "one 50/50 flag, distinct subjects", isObserved: true },
  {
    id: "W2",
    title: "one of 5 countries and a version bound, then a split",
    isBesideW1: true,
    isObserved: true,
    bytes: (writer) => writer.bytes([writer.targeted(FLAG)]),
    attributesOf: searching,
  },
  {
    ...MANY_RULES,
    id: "W3",
    title: `${RULES} rules of two conditions, the last one applies`,
    isObserved: true,
  },
];

/** Returns a vendor's cells of evaluations: of one flag, of all flags of a page, of a flag for a long list. */
export function evaluationsOf(vendor: Vendor): readonly Cell[] {
  return [...EVALUATIONS.map((it) => evaluation(vendor, it)), page(vendor), longList(vendor)];
}

export function evaluation(
  vendor: Vendor,
  { id, isBesideW1 = false, isObserved = false, title, ...question }: Evaluation,
): Cell {
  const row = vendor.rows?.[id] ?? {};
  const values = row.values ?? vendor.writer.halves;
  const prepare = (peer: Peer): Promise<Task> => asking(vendor, peer, { ...question, ...row });
  const observed = isObserved ? observedOf(vendor, prepare) : null;
  return cellOf({
    id,
    title,
    participants: [
      ...participantsOf(vendor, prepare, row),
      ...(observed?.participants ?? []),
      ...(isBesideW1 ? [askingW1(vendor, row)] : []),
      ...(row.beside ?? []),
    ],
    targets: [...targetsOf(vendor, row), ...(observed?.targets ?? [])],
    findFault: (answers) =>
      findFaultOf(answers["values"] ?? [], values, vendor) ?? row.check?.(answers) ?? null,
  });
}

/** Returns W1's participant for a cell that compares with it. */
function askingW1(vendor: Vendor, { sampleSize }: Row = {}): Participant {
  const question = { ...HALVES, sampleSize, topic: "halves" };
  return { name: OUR_W1, prepare: () => asking(vendor, vendor.native, question) };
}

/** Creates a task that evaluates one flag for one subject after the other. */
export async function asking(
  vendor: Vendor,
  peer: Peer,
  { attributesOf, bytes, keys = shortSubjectKeys, sampleSize, topic = "values", values }: Question,
): Promise<Task> {
  const opened = await peer.open(bytes(vendor.writer));
  const subjects = visitorsOf(vendor, keys(), attributesOf?.());
  const ask = askerOf(opened, values ?? vendor.writer.halves);
  return await askingTask(peer, { topic, subjects, sampleSize, ask });
}

/** Creates a task that evaluates flags with a peer. Promises are awaited as in an application. */
export async function askingTask(
  { isAsync = false }: Peer,
  asked: Omit<SubjectQuestions<Visitor, unknown>, "digest"> & {
    readonly digest?: (value: unknown) => number;
  },
): Promise<Task> {
  const questions = { answerOf: withoutDefault, digest: digestOf, ...asked };
  if (!isAsync) return subjectTask(questions);
  const ask = (visitor: Visitor) => asked.ask(visitor) as Promise<unknown>; // the peer is asynchronous
  return await awaitingTask({ ...questions, ask });
}

/** Returns a function that evaluates the flag with the getter for its values. The getter is chosen outside the loop. */
export function askerOf(opened: Opened, [first]: readonly unknown[]): (it: Visitor) => unknown {
  return typeof first === "boolean"
    ? (visitor) => opened.boolean(FLAG, visitor)
    : (visitor) => opened.string(FLAG, visitor);
}

/** Creates subjects in the form that the vendor's SDK accepts. */
export function visitorsOf(
  { visitorOf = (it) => it }: Pick<Vendor, "visitorOf">,
  keys: readonly string[],
  attributesOf: (index: number) => Visitor["attributes"] = () => NO_ATTRIBUTES,
): readonly Visitor[] {
  return keys.map((key, i) => visitorOf({ key, attributes: attributesOf(i) }));
}

/** Normalises the different values that SDKs return for a flag without a value. */
export function withoutDefault(value: unknown): unknown {
  return value === NOTHING || value === undefined ? false : value;
}

function digestOf(value: unknown): number {
  return typeof value === "string" ? value.length : Number(value ?? 0);
}

export function findFaultOf(
  answers: readonly unknown[],
  values: readonly unknown[],
  { writer: { halves } }: Vendor,
): string | null {
  const missing = values.find((it) => !answers.includes(it));
  if (missing !== undefined) return `nobody got ${JSON.stringify(missing)}`;
  const odd = answers.find((it) => !values.includes(it));
  if (odd !== undefined) return `somebody got ${JSON.stringify(odd)}`;
  return values === halves ? findFaultOfHalves(answers, halves) : null;
}

export function findFaultOfHalves(
  answers: readonly unknown[],
  [, upper]: readonly unknown[] = [false, true],
): string | null {
  const share = answers.filter((it) => it === upper).length / answers.length;
  // The share of few subjects varies more.
  return Math.abs(share - 0.5) < (answers.length < 1_000 ? 0.15 : 0.05)
    ? null
    : `${share} of the subjects are in one half`;
}

/** Returns attributes for a targeted flag, which excludes one subject in ten. */
export function searching(): (index: number) => Visitor["attributes"] {
  const random = seededRandom(2);
  const oneInTwenty = (): boolean => random() < 0.05;
  return () => ({
    country: received(
      oneInTwenty() ? "BR" : (COUNTRIES[Math.floor(random() * COUNTRIES.length)] ?? ""),
    ),
    appVersion: received(oneInTwenty() ? "2.3.9" : `2.${4 + Math.floor(random() * 20)}.1`),
  });
}

/** Creates the cell that evaluates all flags of a page at once. */
function page(vendor: Vendor): Cell {
  const row = vendor.rows?.["W4"] ?? {};
  const { bytes, keys = shortSubjectKeys, sampleSize } = PAGE;
  const counting = async (peer: Peer): Promise<Task> => {
    const opened = await peer.open(bytes(vendor.writer));
    return await askingTask(peer, {
      topic: "countsOn",
      subjects: visitorsOf(vendor, keys()),
      sampleSize,
      ask: counterOf(opened, vendor.writer.halves),
      digest: (on) => on as number, // a count
    });
  };
  const observed = observedOf(vendor, counting);
  return cellOf({
    id: "W4",
    title: `all of ${PAGE_FLAGS} flags for a subject`,
    participants: [
      ...participantsOf(vendor, counting, row),
      ...observed.participants,
      ...(row.beside ?? []),
    ],
    effort: effortOf([20, 100, 100], [5, 50, 50]),
    targets: [...targetsOf(vendor, row), ...observed.targets],
    findFault: ({ countsOn = [] }) => {
      const counts = countsOn as readonly number[]; // the tasks answer with numbers
      const isHalf = counts.every((it) => Math.abs(it / PAGE_FLAGS - 0.5) < 0.15);
      if (!isHalf) return "a subject has far from half of the flags on";
      return new Set(counts).size > 1 ? null : "all subjects have the same number of flags on";
    },
  });
}

/** Counts the flags of a page that are on. */
export function counterOf(opened: Opened, [, on]: Writer["halves"]): (visitor: Visitor) => unknown {
  const { boolean, countOn, string } = opened;
  if (countOn !== undefined) return countOn;
  // The getter is chosen outside the loop.
  const ask = typeof on === "boolean" ? boolean : string;
  return (visitor) => {
    let count = 0;
    for (const key of SECTIONS) if (ask(key, visitor) === on) count += 1;
    return count;
  };
}

/** Creates the cell of a flag for the accounts of a long list, which hashes nothing. */
export function longList(
  vendor: Vendor,
  { id, title, bytes }: Pick<Evaluation, "id" | "title" | "bytes"> = LONG_LIST,
): Cell {
  const row = vendor.rows?.[id] ?? {};
  const { share = 1, targets = [], values = [], ...each } = row;
  const withLuck = (luck: string) => (name: string) => `${name}, ${luck}`;
  const [hit, miss] = LUCKS.map((luck) => withLuck(luck)(vendor.native.name)) as [string, string];
  const asked = LUCKS.map((luck) => {
    const question: Question = { ...invited(luck), bytes, topic: luck, values };
    const prepare = (peer: Peer) => asking(vendor, peer, question);
    return participantsOf(vendor, prepare, { share }, withLuck(luck));
  });
  return cellOf({
    id,
    title,
    participants: [...asked.flat(), ...(row.beside ?? [])],
    // Rounds are long, because the other participants have evicted the list from the CPU caches.
    effort: effortOf([15, 100_000, 100_000], [4, 100_000, 50_000]),
    targets: [
      ...LUCKS.flatMap((luck) => targetsOf(vendor, each, withLuck(luck))),
      ratio(hit, miss, 1.5),
      ratio(miss, hit, 1.5),
      ...targets,
    ],
    findFault: (answers) =>
      LUCKS.every((luck, i) => (answers[luck] ?? []).every((it) => it === values[i]))
        ? (row.check?.(answers) ?? null)
        : "a subject has the answer of another",
  });
}

const LONG_LIST = {
  id: "W5",
  title: `one of a list of ${LIST_LENGTH.toLocaleString("en")}`,
  bytes: (writer: Writer): Uint8Array => writer.bytes([writer.listed(FLAG, listedAccounts())]),
};
