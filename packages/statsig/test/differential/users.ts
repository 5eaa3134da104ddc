import type { Random } from "@sortition/dialect-kit/differential";
import type { StatsigLookups, StatsigUser } from "../../src/dialect.js";

/** Browsers, and what both SDKs read of them. */
const AGENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1":
    { osname: "iOS", osversion: "17.2", browsername: "Mobile Safari", browserversion: "17.2" },
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36":
    { osname: "Windows", osversion: "10", browsername: "Chrome", browserversion: "120.0.0" },
  "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0": {
    ...{ osname: "Linux", osversion: "", browsername: "Firefox", browserversion: "121.0" },
  },
};
const COUNTRIES: Readonly<Record<string, string>> = { "8.8.8.8": "US", "192.38.0.1": "DK" };

/** The lookups that both SDKs have. */
export const LOOKUPS: StatsigLookups = {
  idList: () => false,
  country: (ip) => COUNTRIES[ip] ?? null,
  userAgent: (agent, field) => AGENTS[agent]?.[field.replace("_", "")] ?? null,
};

const CUSTOM: Readonly<Record<string, readonly unknown[]>> = {
  plan: ["pro", "Pro", "free", ""],
  age: [17, 18, 18.5, "19", "x"],
  signup: [
    ...[1_700_000_000, 1_700_000_000_000, "2023-11-14T22:13:20Z", "2023-11-15 00:00:00"],
    ...["2023-11-14", "2023-11-14T22:13:20.000Z"],
  ],
  tags: [["a"], ["b", "c"], [], [1, 2], ["1"]],
  beta: [true, false, "true", 1],
  os_name: ["iOS", "Android"],
  Plan: ["pro"],
};

export function generateUser(random: Random): StatsigUser {
  const user: Record<string, unknown> = {};
  const add = (chance: number, name: string, values: readonly unknown[]) => {
    if (random.chance(chance)) user[name] = random.pick(values);
  };
  add(0.95, "userID", ["u1", "u2", "u3", "u5", "7", "", "bruger-æ", `u${random.integer(0, 1e6)}`]);
  const hasUser = Boolean(user["userID"]);
  if (!hasUser || random.chance(0.7)) user["customIDs"] = customIds(random, hasUser);
  add(0.5, "email", ["a@x.com", "b@example.com", ""]);
  add(0.5, "country", ["DK", "SE", "dk", ""]);
  add(0.3, "ip", ["8.8.8.8", "192.38.0.1", "x", "2001:db8::1"]);
  add(0.4, "userAgent", Object.keys(AGENTS));
  add(0.5, "appVersion", ["1.2.0", "1.10", "2.0.0-rc", ""]);
  add(0.3, "locale", ["en_US"]);
  add(0.2, "privateAttributes", [{ secret: random.pick(["pro", 5, "DK"]), plan: "free" }]);
  add(
    0.2,
    "statsigEnvironment",
    ["production", "staging", "Development"].map((tier) => ({ tier })),
  );
  if (random.chance(0.8)) {
    const fields = Object.entries(CUSTOM).filter(() => random.chance(0.5));
    user["custom"] = Object.fromEntries(fields.map(([name, them]) => [name, random.pick(them)]));
  }
  return user;
}

/** A user needs an ID of some type. */
function customIds(random: Random, hasUser: boolean): object {
  const device = random.pick(["s1", "s2", `s${random.integer(0, 1e5)}`]);
  const company = random.pick(["c1", `c${random.integer(0, 99)}`]);
  return {
    ...(random.chance(0.8) ? { [random.pick(["stableID", "stableid"])]: device } : {}),
    ...(!hasUser || random.chance(0.6) ? { companyID: company } : {}),
  };
}
