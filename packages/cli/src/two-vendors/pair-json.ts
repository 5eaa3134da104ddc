import type { DifferingSubject } from "./difference-tally.js";
import type { LoneFlag } from "./flag-pairs.js";
import type { PairReport, ShownExample } from "./pair-report.js";
import type { ShownSubjects } from "./vendors-text.js";

/** The `--json` output for a pair of flags. */
export function pairJson(report: PairReport, shown: ShownSubjects): object {
  const { differ, differences, newKey, oldKey, reshuffled, source, splits, total } = report;
  return {
    flag: oldKey,
    newFlag: newKey,
    source,
    total,
    differ,
    reshuffled,
    notMeasured: report.unmeasured,
    lacking: Object.fromEntries(report.lacking),
    undecided: [...report.undecided].map(([reason, count]) => ({ reason, count })),
    differences: differences.map(({ count, example, isEntry, moved, now, old, ...it }) => ({
      old,
      new: now,
      isSplitOnOneSide: isEntry,
      count,
      moved,
      values: it.values.map((value) => ({
        old: value.old,
        new: value.now,
        count: value.count,
      })),
      example: exampleJson(example, shown),
      ...subjectsJson(it.subjects, shown),
    })),
    splits: splits.map(({ count, example, kind, moved, now, old, pValue, units, ...it }) => ({
      old,
      new: now,
      verdict: kind,
      units: units && {
        old: { name: units.units[0].name, count: units.sizes[0] },
        new: { name: units.units[1].name, count: units.sizes[1] },
        areSame: units.areSame,
      },
      count,
      moved,
      pValue,
      shares: it.shares.map((share) => ({ value: share.value, old: share.old, new: share.now })),
      example: exampleJson(example, shown),
      ...subjectsJson(it.subjects, shown),
    })),
  };
}

/** The `--json` output for a flag that only one side has. */
export function loneJson({ isOld, key, nearest }: LoneFlag): object {
  return { flag: key, onlyIn: isOld ? "old" : "new", nearest };
}

function exampleJson(example: ShownExample | null, { isNamed }: ShownSubjects): object | null {
  if (example === null) return null;
  const { hasOwnKey, ownAttributes, subject, why } = example;
  const attributes = Object.entries(subject.attributes);
  const known = attributes.filter(([name]) => isNamed || !ownAttributes.includes(name));
  return {
    subjectKey: hasOwnKey && !isNamed ? null : subject.key,
    attributes: Object.fromEntries(known),
    hidden: isNamed ? [] : ownAttributes,
    why: { old: why[0], new: why[1] },
  };
}

function subjectsJson(
  subjects: readonly DifferingSubject[],
  { isListed, isNamed }: ShownSubjects,
): object {
  if (!isListed) return {};
  return {
    subjects: subjects.map(({ place: { file, line }, subject }) => ({
      ...(file === null ? {} : { file }),
      line,
      ...(isNamed ? { subject } : {}),
    })),
  };
}
