const SHARES = 42_949_673;

type Condition = {
  readonly selector: readonly string[];
  readonly op: string;
  readonly values: readonly string[];
};

function user(...path: readonly string[]): readonly string[] {
  return ["context", "user", ...path];
}

const PROPERTY = user("user_properties", "key");

function condition(
  selector: readonly string[],
  op: string,
  ...values: readonly string[]
): Condition {
  return { selector, op, values };
}

interface Segment {
  readonly conditions?: readonly (readonly Condition[])[];
  readonly variant: string;
  readonly bucket?: object;
  readonly metadata: { readonly segmentName: string };
}

const EVERYBODY_ELSE: Segment = { variant: "off", metadata: { segmentName: "All Other Users" } };

function segment(segmentName: string, ...conditions: readonly (readonly Condition[])[]): Segment {
  return { conditions, variant: "on", metadata: { segmentName } };
}

/** A flag that is on for the users of its segments, in order, and off for all others. */
function flag(key: string, segments: readonly Segment[], more: object = {}): object {
  return {
    key,
    variants: {
      on: { key: "on", value: "on" },
      off: { key: "off", metadata: { default: true } },
    },
    segments: [...segments, EVERYBODY_ELSE],
    ...more,
  };
}

/** A flag that is on if one condition matches. */
function testing(
  key: string,
  selector: readonly string[],
  op: string,
  ...values: string[]
): object {
  return flag(key, [segment("Segment 1", [condition(selector, op, ...values)])]);
}

/** A flag that assigns `on` to all users that can be bucketed by a value. */
function bucketing(key: string, selector: readonly string[]): object {
  const distributions = [{ variant: "on", range: [0, SHARES] }];
  const allocations = [{ range: [0, 100], distributions }];
  const bucket = { selector, salt: key, allocations };
  return flag(key, [{ variant: "off", bucket, metadata: { segmentName: "Segment 1" } }]);
}

const EVERYBODY: Segment = { variant: "on", metadata: { segmentName: "All Other Users" } };

function dependingOn(key: string, other: string, variant: string): object {
  const dependencies = [other];
  const needed = segment("flag-dependencies", [condition(["result", other, "key"], "is", variant)]);
  return flag(key, [needed], { dependencies });
}

/**
 * Flags as the vendor's server sends them, matching the names of its integration cases (sticky
 * bucketing, inclusions, dependencies, patterns for globs). The original flags are only on its
 * service.
 */
export const SERVER_FLAGS: readonly object[] = [
  flag("test-off", []),
  flag("test-on", [EVERYBODY]),
  flag("test-individual-inclusions", [
    segment(
      "individual-inclusions",
      [condition(user("user_id"), "is", "user_id")],
      [condition(user("device_id"), "is", "device_id")],
    ),
  ]),
  dependingOn("test-flag-dependencies-on", "test-on", "on"),
  {
    ...flag("test-flag-dependencies-off", []),
    dependencies: ["test-off"],
    segments: [
      {
        ...segment("flag-dependencies", [condition(["result", "test-off", "key"], "is not", "on")]),
        variant: "off",
      },
      EVERYBODY,
    ],
  },
  flag("test-sticky-bucketing", [
    segment("sticky-bucketing", [
      condition(user("user_properties", "[Experiment] test-sticky-bucketing"), "is", "on"),
    ]),
  ]),
  flag("test-experiment", [EVERYBODY], { metadata: { experimentKey: "exp-1" } }),
  flag("test-flag", [EVERYBODY]),
  flag("test-multiple-conditions-and-values", [
    segment(
      "Segment 1",
      ["1", "2", "3"].map((n) =>
        condition(user("user_properties", `key-${n}`), "is", `value-${n}`, `value-${n}-2`),
      ),
    ),
  ]),
  testing("test-amplitude-property-targeting", user("user_id"), "is", "user_id"),
  testing("test-cohort-targeting", user("cohort_ids"), "set contains any", "u0qtvwla"),
  testing(
    "test-group-name-targeting",
    ["context", "groups", "org name", "group_name"],
    "is",
    "amplitude",
  ),
  testing(
    "test-group-property-targeting",
    ["context", "groups", "org name", "group_properties", "org plan"],
    "is",
    "enterprise2",
  ),
  bucketing("test-amplitude-id-bucketing", user("amplitude_id")),
  bucketing("test-user-id-bucketing", user("user_id")),
  bucketing("test-device-id-bucketing", user("device_id")),
  bucketing("test-custom-user-property-bucketing", PROPERTY),
  bucketing("test-group-name-bucketing", ["context", "groups", "org name", "group_name"]),
  testing("test-is", PROPERTY, "is", "value"),
  testing("test-is-not", PROPERTY, "is not", "other"),
  testing("test-contains", PROPERTY, "contains", "alu"),
  testing("test-does-not-contain", PROPERTY, "does not contain", "other"),
  testing("test-less", PROPERTY, "less", "0"),
  testing("test-less-or-equal", PROPERTY, "less or equal", "0"),
  testing("test-greater", PROPERTY, "greater", "0"),
  testing("test-greater-or-equal", PROPERTY, "greater or equal", "0"),
  testing("test-set-is", PROPERTY, "set is", "1", "2", "3"),
  testing("test-set-is-not", PROPERTY, "set is not", "1", "2", "3"),
  testing("test-set-contains", PROPERTY, "set contains", "1", "2", "3"),
  testing("test-set-does-not-contain", PROPERTY, "set does not contain", "1", "2", "3"),
  testing("test-glob-match", PROPERTY, "regex match", "^/path/[^/]*/2/.*/end$"),
  testing("test-glob-does-not-match", PROPERTY, "regex does not match", "^/path/[^/]*/2/.*/end$"),
  testing("test-is-array", PROPERTY, "is", "value1"),
  testing("test-is-not-array", PROPERTY, "is not", "value1", "value2"),
  testing("test-contains-array", PROPERTY, "contains", "target"),
  testing("test-does-not-contain-array", PROPERTY, "does not contain", "target"),
  testing("test-version-less", user("version"), "version less", "1.10.0"),
  testing("test-version-less-or-equal", user("version"), "version less or equal", "1.10.0"),
  testing("test-version-greater", user("version"), "version greater", "1.9.0"),
  testing("test-version-greater-or-equal", user("version"), "version greater or equal", "1.9.0"),
  testing("test-set-contains-any", user("cohort_ids"), "set contains any", "u0qtvwla", "x"),
  testing(
    "test-set-does-not-contain-any",
    user("cohort_ids"),
    "set does not contain any",
    "u0qtvwla",
  ),
  flag("test-is-with-booleans", [
    segment("Segment 1", [
      condition(user("user_properties", "true"), "is", "TRUE"),
      condition(user("user_properties", "false"), "is", "False"),
    ]),
  ]),
];
