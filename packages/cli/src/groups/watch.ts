import type { CliDialect } from "../dialects/dialect.js";
import { mayMove } from "../diff/measuring.js";
import type { WatchConfigurations } from "../diff/subject-watch.js";
import { ComparedPair } from "../two-vendors/compared-pair.js";
import { ComparedSide } from "../two-vendors/compared-side.js";
import { SubjectNames } from "../two-vendors/subject-names.js";
import { NO_MAP } from "../two-vendors/vendor-map.js";
import type { VendorsWork } from "../two-vendors/vendors-work.js";
import { SharedSubjects } from "./shared-subjects.js";

/** Watches the subjects of two configurations of one dialect. */
export function watchDialect(dialect: CliDialect, isMadeUp: boolean): WatchConfigurations {
  const { placeOf } = dialect;
  return ([old, now], comparisons, nowMs) => {
    const sides = [
      new ComparedSide(dialect, old, nowMs),
      new ComparedSide(dialect, now, nowMs),
    ] as const;
    const given = { sides, map: NO_MAP, names: new SubjectNames(NO_MAP), nowMs, absent: null };
    // Callers cannot evaluate flags whose keys are hashed.
    const inBoth = comparisons.filter(
      ({ key }) => old.flag(key) !== null && now.flag(key) !== null,
    );
    const flags = inBoth.map((comparison) => {
      const { key } = comparison;
      return {
        ...{ old: sides[0].descriptionOf(key), now: sides[1].descriptionOf(key) },
        mayDiffer: mayMove(comparison, [old, now], dialect),
        open: () => new ComparedPair({ oldKey: key, newKey: key, mapped: null }, given),
      };
    });
    return new SharedSubjects({ flags, placesOf: [placeOf, placeOf], nowMs, isMadeUp });
  };
}

/** Returns how the subjects of two configurations of different dialects are watched. */
export function watchVendors(isMadeUp: boolean) {
  return ({ nowMs, pairs, sides: [old, now] }: VendorsWork): SharedSubjects => {
    const flags = pairs.map(({ pair }) => ({
      ...{ old: pair.old.description, now: pair.now.description, mayDiffer: true },
      open: () => pair,
    }));
    const placesOf = [old.dialect.placeOf, now.dialect.placeOf] as const;
    return new SharedSubjects({ flags, placesOf, nowMs, isMadeUp });
  };
}
