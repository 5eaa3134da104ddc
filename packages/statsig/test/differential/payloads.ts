import type { Random } from "@sortition/dialect-kit/differential";
import type { Kind } from "../ours.js";
import type { V2 } from "../v1.js";

type Members = Readonly<Record<string, unknown>>;

/** How unusual a payload is. `plain`: as the vendor's console writes it. */
export const ODDITIES = ["plain", "odd values", "overrides and merged layers"] as const;
export type Oddity = (typeof ODDITIES)[number];

const IDS = ["userID", "userID", "userID", "stableID", "companyID", "userid", "StableID"] as const;
const TEXTS = ["DK", "SE", "dk", "pro", "Pro", "a@x.com", "b@Example.com", "", "true", "5", "10.5"];
const FIELDS = [
  "country",
  "email",
  "plan",
  "age",
  "appVersion",
  "signup",
  "tags",
  "locale",
  "Plan",
];
const OTHER_FIELDS = ["beta", "userID", "secret"];

interface OperatorKind {
  readonly operators: readonly string[];
  readonly fields: readonly string[];
  target(random: Random): unknown;
}

function some(random: Random, most: number, values: readonly unknown[]): readonly unknown[] {
  return random.times(random.integer(1, most), () => random.pick(values));
}

/** Operators by the values that they compare. */
const KINDS: readonly OperatorKind[] = [
  {
    operators: [
      ...["any", "none", "any_case_sensitive", "none_case_sensitive", "str_starts_with_any"],
      ...["str_ends_with_any", "str_contains_any", "str_contains_none"],
    ],
    fields: ["country", "plan", "email"],
    target: (random) => some(random, 4, [...TEXTS, "null", "æ", "İ"]),
  },
  {
    operators: ["gt", "gte", "lt", "lte"],
    fields: ["age"],
    target: (random) => random.pick([0, 1, 5, 18, 18.5, -3, 1e6, "18", "5.0"]),
  },
  {
    operators: [
      ...["version_gt", "version_gte", "version_lt"],
      ...["version_lte", "version_eq", "version_neq"],
    ],
    fields: ["appVersion"],
    target: (random) =>
      random.pick(["1.2", "1.2.0", "1.10", "2.0.0-beta", "1.2.3.4", "10", "x", "1..2"]),
  },
  {
    operators: ["before", "after", "on"],
    fields: ["signup"],
    target: (random) =>
      random.pick([
        ...[1_700_000_000, 1_700_000_000_000, "1700000000", "2024-02-01T00:00:00+01:00"],
        ...["2023-11-14T22:13:20Z", "2023-11-14 22:13:20"],
      ]),
  },
  {
    operators: ["str_matches"],
    fields: ["email", "plan"],
    target: (random) => random.pick(["^a", "@x\\.com$", "p.o", "[0-9]+", "undef", "^$", "("]),
  },
  {
    operators: ["eq", "neq"],
    fields: ["plan", "age", "beta"],
    target: (random) => random.pick(["pro", 5, true, false, "5", "true", null, ""]),
  },
  {
    operators: [
      ...["array_contains_any", "array_contains_none"],
      ...["array_contains_all", "not_array_contains_all"],
    ],
    fields: ["tags"],
    target: (random) => some(random, 3, ["a", "b", "c", "1", 2]),
  },
];

/** All operators of the values of users. */
export const OPERATORS: readonly string[] = KINDS.flatMap(({ operators }) => operators);

/** The types of conditions. */
export const TYPES = [
  "public",
  "pass_gate",
  "fail_gate",
  "user_bucket",
  "unit_id",
  "environment_field",
  "current_time",
  "ip_based",
  "ua_based",
  "target_app",
  "user_field",
] as const;

const GATES = ["segment:s0", "segment:s1", ...[2, 3, 4, 5, 6, 7].map((i) => `gate_${i}`)];
const EXPERIMENTS = ["exp_0", "exp_1", "exp_2", "exp_3"];
const CONFIGS = ["config_4", "config_5"];
const LAYERS = ["layer_0", "layer_1", "layer_2"];

/** The flags of each payload. */
export const FLAGS: readonly (readonly [Kind, string])[] = [
  ...GATES.map((it) => ["gate", it] as const),
  ...[...EXPERIMENTS, ...CONFIGS].map((it) => ["config", it] as const),
  ...LAYERS.map((it) => ["layer", it] as const),
];

/** Generates a payload of version 2. */
export function generatePayload(random: Random, oddity: Oddity): V2 {
  return new Generator(random, oddity).payload();
}

class Generator {
  readonly #conditions: Record<string, Members> = {};
  readonly #random: Random;
  readonly #isOdd: boolean;
  readonly #hasOverrides: boolean;

  constructor(random: Random, oddity: Oddity) {
    this.#random = random;
    this.#isOdd = oddity !== "plain";
    this.#hasOverrides = oddity === "overrides and merged layers";
  }

  payload(): V2 {
    const random = this.#random;
    const feature_gates = Object.fromEntries(GATES.map((name, i) => [name, this.#gate(name, i)]));
    const dynamic_configs = Object.fromEntries([
      ...EXPERIMENTS.map((name, i) => [name, this.#experiment(i)]),
      ...CONFIGS.map((name, i) => [name, this.#config(i)]),
    ]);
    const layer_configs = Object.fromEntries(LAYERS.map((name, i) => [name, this.#layer(i)]));
    return {
      ...{ feature_gates, dynamic_configs, layer_configs, experiment_to_layer: {} },
      ...(this.#hasOverrides ? this.#overrides() : {}),
      ...(random.chance(0.5) ? { app_id: random.pick(["app1", "app2"]) } : {}),
      ...(random.chance(0.5) ? { default_environment: "production" } : {}),
      ...{ condition_map: this.#conditions, has_updates: true, time: 1, response_format: "dcs-v2" },
    };
  }

  #add(members: Members): string {
    const hash = String(1_000 + Object.keys(this.#conditions).length);
    this.#conditions[hash] = { field: null, additionalValues: {}, idType: "userID", ...members };
    return hash;
  }

  /** @param gates - how many gates a condition may name, so that they require each other rarely. */
  #condition(gates: number): string {
    const random = this.#random;
    if (this.#isOdd && random.chance(0.02)) {
      const odd = random.pick([{ type: "odd" }, { type: "user_field", operator: "odd" }]);
      return this.#add({ targetValue: ["x"], field: "country", operator: "any", ...odd });
    }
    const type = random.chance(0.4) ? "user_field" : random.pick(TYPES);
    switch (type) {
      case "public":
        return this.#add({ type, targetValue: null, operator: null });
      case "pass_gate":
      case "fail_gate": {
        const inCircle = this.#isOdd && random.chance(0.25);
        const known = inCircle ? GATES.slice(gates) : GATES.slice(0, gates);
        return this.#add({
          type,
          targetValue: random.pick([...known, "missing"]),
          operator: "any",
        });
      }
      case "user_bucket":
        return this.#bucket();
      case "unit_id": {
        const targetValue = ["u1", "u3", "U5", "s2", "c1", "7"];
        const operator = random.pick(["any", "none", "any_case_sensitive"]);
        return this.#add({ type, operator, targetValue, idType: random.pick(IDS) });
      }
      case "environment_field": {
        const tier = random.pick(["production", "staging", "development"]);
        return this.#add({ type, operator: "any", targetValue: [tier], field: "tier" });
      }
      case "current_time": {
        const operator = random.pick(["before", "after", "lt", "gt"]);
        return this.#add({ type, operator, targetValue: random.pick([1.6e12, 4e12]) });
      }
      case "ip_based": {
        const operator = random.pick(["any", "none"]);
        return this.#add({ type, operator, targetValue: ["US", "DK", "SE"], field: "country" });
      }
      case "ua_based": {
        const operator = random.pick(["any", "none", "str_contains_any", "version_gte"]);
        const targetValue = random.pick([["iOS", "Windows"], "17.0"]);
        const field = random.pick(["os_name", "browser_name", "os_version", "browser_version"]);
        return this.#add({ type, operator, targetValue, field });
      }
      case "target_app":
        return this.#add({ type, operator: "any", targetValue: ["app1"] });
      default: {
        const { fields, operators, target } = random.pick(KINDS);
        const field = random.pick(random.chance(0.7) ? fields : [...FIELDS, ...OTHER_FIELDS]);
        const operator = random.pick(operators);
        return this.#add({ type, operator, targetValue: target(random), field });
      }
    }
  }

  #bucket(): string {
    const random = this.#random;
    const others = {
      type: "user_bucket",
      additionalValues: { salt: random.pick(["salt-a", "sælt"]) },
      idType: random.pick(IDS),
    };
    if (random.chance(0.4)) {
      const targetValue = random.pick([100, 300, 500, 900, 1_000]);
      return this.#add({ ...others, operator: "lt", targetValue });
    }
    const operator = random.pick(["any", "none"]);
    return this.#add({ ...others, operator, targetValue: this.#buckets(400) });
  }

  #buckets(count: number): Members {
    const random = this.#random;
    return Object.fromEntries(random.times(count, () => [String(random.integer(0, 999)), true]));
  }

  #rule(id: string, returnValue: unknown, gates: number, others: Members = {}): Members {
    const random = this.#random;
    const count = random.pick([0, 1, 1, 2, 3]);
    return {
      ...{ name: id, id, salt: random.pick([id, "", `rs-${id}`]), idType: random.pick(IDS) },
      passPercentage: random.pick([100, 100, 100, 0, 50, 12.5, 33.33]),
      conditions: random.times(count, () => this.#condition(gates)),
      returnValue,
      ...others,
    };
  }

  #gate(name: string, i: number): Members {
    const random = this.#random;
    const entity = name.startsWith("segment:") ? "segment" : "feature_gate";
    const isOff = () => this.#isOdd && random.chance(0.2);
    return {
      ...{ type: "feature_gate", salt: `gs${i}`, enabled: random.chance(0.92), idType: "userID" },
      ...{ entity, version: 1, defaultValue: isOff() },
      rules: random.times(random.integer(0, 3), (r) => this.#rule(`g${i}r${r}`, !isOff(), i)),
    };
  }

  #value(size: number): Members {
    const random = this.#random;
    const nested = { a: [1, "x", null] };
    return { color: random.pick(["red", "blue"]), size, on: random.chance(0.5), nested };
  }

  #experiment(i: number): Members {
    const random = this.#random;
    const before: Members[] = [];
    const fixed = (id: string, condition: Members) =>
      this.#rule(id, {}, 0, { passPercentage: 100, conditions: [this.#add(condition)] });
    const ofGate = (type: string, targetValue: string) => ({ type, operator: "any", targetValue });
    if (random.chance(0.3)) before.push(fixed("held", ofGate("pass_gate", "gate_3")));
    if (random.chance(0.6)) {
      const additionalValues = { salt: "layer-salt" };
      const condition = { type: "user_bucket", operator: "none", additionalValues };
      before.push(fixed("layerAssignment", { ...condition, targetValue: this.#buckets(600) }));
    }
    if (random.chance(0.3)) before.push(fixed("targetingGate", ofGate("fail_gate", "gate_4")));
    const count = random.integer(2, 3);
    const idType = random.pick(IDS);
    const groups = random.times(count, (g) => {
      const id = `e${i}g${g}`;
      const conditions = [
        this.#add({
          ...{ type: "user_bucket", operator: "lt", idType },
          targetValue: Math.round((1_000 * (g + 1)) / count),
          additionalValues: { salt: `exp-${i}` },
        }),
      ];
      const group = { isExperimentGroup: true, groupName: g === 0 ? "Control" : `Test ${g}` };
      const passPercentage = 100;
      return this.#rule(id, this.#value(g), 0, { ...group, idType, conditions, passPercentage });
    });
    const spec = this.#configSpec(`cs${i}`, "experiment", {}, [...before, ...groups]);
    const isActive = random.chance(0.8);
    return { ...spec, isActive, hasSharedParams: false, explicitParameters: ["color"] };
  }

  #config(i: number): Members {
    const rules = this.#random.times(3, (r) =>
      this.#rule(`c${i}r${r}`, this.#value(r), GATES.length),
    );
    if (this.#hasOverrides && i === 1) {
      const field = this.#random.pick(["exp_1", "exp_2", "nope"]);
      const targetValue = ["Control", "Test 1"];
      const group = this.#add({ type: "experiment_group", operator: "any", targetValue, field });
      rules[0] = { ...rules[0], conditions: [group] };
    }
    return this.#configSpec(`dc${i}`, "dynamic_config", this.#value(9), rules);
  }

  #layer(i: number): Members {
    const random = this.#random;
    const rules = random.times(random.integer(1, 3), (r) => {
      const id = random.chance(0.6) ? "experimentAssignment" : `l${i}r${r}`;
      const delegate = random.pick(["exp_0", "exp_1", "exp_2", "missing"]);
      const others = random.chance(0.7) ? { configDelegate: delegate } : {};
      return this.#rule(id, this.#value(6), GATES.length, others);
    });
    const merges = this.#hasOverrides && random.chance(0.6) ? { useNewLayerEval: true } : {};
    return { ...this.#configSpec(`ls${i}`, "layer", this.#value(7), rules), ...merges };
  }

  #configSpec(salt: string, entity: string, defaultValue: unknown, rules: unknown): Members {
    const enabled = this.#random.chance(0.95);
    return { type: "dynamic_config", salt, enabled, defaultValue, rules, idType: "userID", entity };
  }

  #overrides(): Members {
    const random = this.#random;
    const [name, target] = random.pick([
      ...([["exp_0", "exp_1"] as const, ["config_4", "config_5"]] as const),
      ...([["gate_5", "gate_6"] as const, ["layer_0", "layer_1"]] as const),
    ]);
    const start_time = random.pick([0, 1.6e12, 4e12]);
    const rules = [{ rule_name: "or1" }, { rule_name: random.pick(["or2", "or3"]), start_time }];
    return {
      override_rules: { or1: this.#rule("or1", true, 3), or2: this.#rule("or2", true, 3) },
      overrides: { [name]: [{ new_config_name: random.pick([target, "missing"]), rules }] },
    };
  }
}
