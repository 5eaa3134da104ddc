import type { Random } from "@sortition/proof";

/** A flag with one experiment that all dialects can express. */
export interface GeneratedFlag {
  readonly key: string;
  /** The salt. PostHog does not use it, because it hashes with the flag's key. */
  readonly salt: string;
  /** The countries of the experiment; `null` for all subjects. */
  readonly countries: readonly string[] | null;
  /** Percentage of the subjects in the experiment. */
  readonly traffic: number;
  /** Percentage of these subjects that get `a`. The others get `b`. */
  readonly share: number;
  readonly values: { readonly a: string; readonly b: string };
  /** Only Eppo has windows. */
  readonly isOpen: boolean;
}

/** A subject with all attributes that rules read. */
export interface GeneratedSubject {
  readonly subjectKey: string;
  readonly subjectAttributes: { readonly nation: string };
}

const COUNTRIES = ["DK", "SE", "DE", "FR"];

/** Returns an integer in [from, to]. */
function integer(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

export function generatedFlags(random: Random, count: number): readonly GeneratedFlag[] {
  return Array.from({ length: count }, (_, i) => ({
    key: `flag-${i}`,
    salt: `salt-${integer(random, 0, 1_000_000)}`,
    countries: random() < 0.5 ? null : COUNTRIES.slice(0, integer(random, 1, 3)),
    traffic: random() < 0.5 ? 100 : integer(random, 10, 90),
    share: integer(random, 10, 90),
    values: { a: "red", b: "blue" },
    isOpen: true,
  }));
}

export function generatedSubjects(random: Random, count: number): readonly GeneratedSubject[] {
  return Array.from({ length: count }, () => ({
    subjectKey: `user-${integer(random, 0, 1_000_000_000)}`,
    subjectAttributes: { nation: COUNTRIES[integer(random, 0, 3)] ?? "" },
  }));
}

/** An aspect of a flag that can change. */
export type Aspect = "rule" | "traffic" | "salt" | "window" | "value";

/** Returns the flag with one aspect changed. */
export function changed(flag: GeneratedFlag, aspect: Aspect, random: Random): GeneratedFlag {
  switch (aspect) {
    case "rule": {
      const others = COUNTRIES.slice(integer(random, 2, 3));
      return { ...flag, countries: flag.countries === null ? others : null };
    }
    case "traffic":
      return random() < 0.5
        ? { ...flag, share: flag.share > 50 ? flag.share - 7 : flag.share + 7 }
        : { ...flag, traffic: flag.traffic > 50 ? flag.traffic - 9 : flag.traffic + 9 };
    case "salt":
      return { ...flag, salt: `${flag.salt}-again` };
    case "window":
      return { ...flag, isOpen: !flag.isOpen };
    case "value":
      return { ...flag, values: { ...flag.values, b: "green" } };
  }
}
