import type { Configuration } from "@sortition/core";
import { seededRandom } from "@sortition/proof";
import { isWhole } from "@sortition/test-kit";
import type { CliDialect } from "../../src/dialects/dialect.js";
import { areApart, experimentsOf, keysOf } from "../../src/groups/experiments.js";
import { heldOutBy, holdoutsIn } from "../../src/groups/holdouts.js";
import { ComparedSide } from "../../src/two-vendors/compared-side.js";
import { FlagSide } from "../../src/two-vendors/flag-side.js";
import type { LayerRange, SharedFlags, SharedFormat } from "./shared-flags.js";

const NOW_MS = Date.parse("2026-02-01T12:00:00.000Z");
const SUBJECTS = 300;
/** Payloads for each format. The first has a holdout, and the second has flags that share subjects. */
const PAYLOADS = 4;
const CHECKED = isWhole ? PAYLOADS : 2;

/**
 * Generates payloads of two flags, and returns what the dialect says wrongly about them: that the flags keep subjects apart
 * although subjects are in both, or the reverse, and subjects of a holdout that get several values, or are not named.
 */
export async function checkShared(
  dialect: CliDialect,
  open: (payload: string) => Promise<Configuration>,
  format: SharedFormat,
): Promise<readonly string[]> {
  const random = seededRandom(7);
  const generated = Array.from({ length: PAYLOADS }, (_, i): SharedFlags => {
    // Ranges of whole tens, so that an overlap has at least a tenth of the subjects.
    const cut = 10 * (2 + Math.floor(random() * 5));
    const overlap = i % 2 === 0 ? 0 : 10 * (1 + Math.floor(random() * 2));
    const layer: readonly [LayerRange, LayerRange] = [
      [0, cut],
      [cut - overlap, 90],
    ];
    return {
      layer: format.layers !== null && i < PAYLOADS - 1 ? layer : null,
      heldOut: format.holdouts !== null && i % 3 === 0 ? 10 + 5 * i : null,
    };
  });
  const faults: string[] = [];
  for (const flags of generated.slice(0, CHECKED)) {
    const configuration = await open(format.payloadOf(flags));
    for (const fault of faultsIn(dialect, configuration, flags)) {
      faults.push(`${JSON.stringify(flags)}: ${fault}`);
    }
  }
  return faults;
}

function faultsIn(
  dialect: CliDialect,
  configuration: Configuration,
  { heldOut }: SharedFlags,
): readonly string[] {
  const side = new ComparedSide(dialect, configuration, NOW_MS);
  const reading = { type: "json" as const, renamed: new Map(), defaultText: null };
  const flags = ["a", "b"].map((key) => {
    const flag = new FlagSide({ side, key, reading, nowMs: NOW_MS });
    const experiments = experimentsOf(flag.description, dialect.placeOf, NOW_MS);
    const holdouts = holdoutsIn(flag.description, dialect.placeOf);
    return { flag, experiments, keys: keysOf(experiments), holdouts, values: new Set<string>() };
  });
  let [both, held, lacking] = [0, 0, 0];
  for (let i = 0; i < SUBJECTS; i++) {
    const results = flags.map(({ flag, holdouts, keys, values }) => {
      const subject = { key: `user-${i}`, attributes: {} };
      const [allocation, { value }] = [flag.allocationOf(subject), flag.resultOf(subject)];
      const isHeld = heldOutBy(holdouts.get(`${allocation}`), flag, subject) !== undefined;
      if (isHeld) values.add(value);
      return { isHeld, isIn: allocation !== null && keys.has(allocation) };
    });
    if (results.every(({ isIn }) => isIn)) both += 1;
    if (results.every(({ isHeld }) => isHeld)) held += 1;
    if (results.every(({ isHeld, isIn }) => !isHeld && !isIn)) lacking += 1;
  }
  const [one = [], other = []] = flags.map((it) => it.experiments);
  const isTold = areApart(one, other);
  const share = (100 * held) / SUBJECTS;
  return [
    ...(one.length === 0 || other.length === 0 ? ["no experiment"] : []),
    ...(isTold && both > 0 ? [`kept apart, but ${both} subjects are in both`] : []),
    ...(!isTold && both === 0 ? ["nobody is in both, but they are not kept apart"] : []),
    ...(Math.abs(share - (heldOut ?? 0)) > 6
      ? [`${share}% are held out, ${lacking} get nothing`]
      : []),
    ...(flags.some(({ values }) => values.size > 1)
      ? ["held-out subjects get several values"]
      : []),
  ];
}
