import { type Reply, startTestServer } from "@sortition/test-kit";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkedLocalSettings,
  cohortSettingsOf,
  type LocalEvaluationConfig,
} from "../../src/client/local/config.js";
import { checkedSettings } from "../../src/client/remote/config.js";
import { TakenValues } from "../../src/client/taken-values.js";
import { serverUrlsOf } from "../../src/dialect/zone.js";
import { AmplitudeCookie, RemoteEvaluationClient } from "../../src/index.js";
import { createLog, LogLevel } from "../../src/messages/logging.js";
import { amplitudeOrigin } from "../../src/source.js";
import { cohortFlag } from "../source/cohort-server.js";
import { AssertionCounter } from "./counter.js";
import { FOLDER, readVectors } from "./vectors.js";

/**
 * Number of assertions per file. The records of requests are compared with requests to loopback
 * servers.
 */
const ASSERTIONS: Readonly<Record<string, number>> = {
  cookies: 16,
  "server-urls": 36,
  "http-requests": 43,
};

const counter = new AssertionCounter();
const count = (file: string): typeof expect => counter.of(file);

const answer = (body: unknown): Reply => ({ kind: "answer", body: JSON.stringify(body) });
const COHORT = { groupType: "User", lastModified: 100, memberIds: ["alice"] };
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs one attempt of an origin at a cohort, with this reply to requests for it. */
async function lookAtCohort(
  reply: Reply,
  sync: { readonly apiKey: string; readonly secretKey: string; readonly maxCohortSize?: number },
  path = "",
) {
  await using server = await startTestServer(({ path: requested }) =>
    requested === "/sdk/v2/flags" ? answer([cohortFlag("flag", "cohortId")]) : reply,
  );
  const create = () =>
    amplitudeOrigin({
      deploymentKey: "key",
      serverUrl: server.url,
      cohortSync: { ...sync, cohortServerUrl: `${server.url}${path}` },
    });
  const look = async (held: readonly never[] | null) => {
    const origin = create();
    const { signal } = new AbortController();
    const result = await origin.fetchOnce(held, { signal });
    origin.release?.();
    return result;
  };
  const first = await look(null);
  const requests = () => server.requests.filter((it) => it.path !== "/sdk/v2/flags");
  const early = requests().length;
  // A new process requests the cohorts it already has.
  if (first.kind === "payloads" && first.payloads.length > 1) {
    await look(first.payloads as readonly never[]);
  }
  return { first, requests: requests().slice(0, early), later: requests().slice(early) };
}

describe.skipIf(FOLDER === null)("the vendor's records", () => {
  afterAll(() => {
    expect(counter.counts).toEqual(ASSERTIONS);
  });

  it("cookies: names, parses and generates cookies", () => {
    interface Case {
      readonly fn: "cookieName" | "parse" | "generate";
      readonly newFormat: boolean;
      readonly apiKey?: string;
      readonly cookie?: string;
      readonly deviceId?: string;
      readonly error?: boolean;
      readonly expected?: unknown;
    }
    for (const it of readVectors<{ cases: Case[] }>("cookies").cases) {
      const { apiKey = "", cookie = "", deviceId = "", newFormat } = it;
      const call = (): unknown => {
        switch (it.fn) {
          case "cookieName":
            return AmplitudeCookie.cookieName(apiKey, newFormat);
          case "parse":
            return AmplitudeCookie.parse(cookie, newFormat);
          case "generate":
            return AmplitudeCookie.generate(deviceId, newFormat);
        }
      };
      if (it.error === true) count("cookies")(call).toThrow();
      else count("cookies")(call()).toEqual(it.expected);
    }
  });

  it("server-urls: maps zones, addresses and log levels", () => {
    interface Urls {
      readonly serverZone?: string;
      readonly serverUrl?: string;
      readonly streamServerUrl?: string;
      readonly cohortServerUrl?: string;
    }
    interface Vectors {
      readonly cases: { readonly mode: string; readonly config: Urls; readonly expected: Urls }[];
      readonly logLevelCases: {
        readonly config: { readonly debug?: boolean; readonly logLevel?: "Warn" };
        readonly expected: "Error" | "Warn" | "Debug";
      }[];
    }
    // These cases abbreviate addresses without a scheme, which are refused here.
    const whole = (url: string | undefined): string | undefined =>
      url?.startsWith("http") === false ? `https://${url}` : url;
    const { cases, logLevelCases } = readVectors<Vectors>("server-urls");
    const taken = new TakenValues({ mistake: () => {} });
    for (const { config, expected, mode } of cases) {
      const { serverZone } = config;
      const serverUrl = whole(config.serverUrl);
      count("server-urls")(serverUrlsOf(serverZone)).toEqual(serverUrlsOf(expected.serverZone));
      if (mode === "remote") {
        const settings = checkedSettings({ serverZone, serverUrl }, taken);
        count("server-urls")(settings.serverUrl).toBe(whole(expected.serverUrl));
        continue;
      }
      const streamServerUrl = whole(config.streamServerUrl);
      const local = { serverZone, serverUrl, streamServerUrl } as LocalEvaluationConfig;
      const settings = checkedLocalSettings(local, taken);
      const cohortServerUrl = whole(config.cohortServerUrl);
      const sync = { apiKey: "a", secretKey: "s", cohortServerUrl };
      const cohorts = cohortSettingsOf({ cohortSyncConfig: sync }, settings, taken);
      count("server-urls")(settings.flagsUrl).toBe(whole(expected.serverUrl));
      count("server-urls")(settings.streamUrl).toBe(whole(expected.streamServerUrl));
      count("server-urls")(cohorts?.url).toBe(whole(expected.cohortServerUrl));
    }
    for (const { config, expected } of logLevelCases) {
      const seen: string[] = [];
      const at = (level: string) => () => void seen.push(level);
      const loggerProvider = {
        ...{ error: at("Error"), warn: at("Warn"), info: at("Info") },
        ...{ debug: at("Debug"), verbose: at("Verbose") },
      };
      const { logLevel = "Error", ...rest } = config;
      const log = createLog({ ...rest, logLevel: LogLevel[logLevel], loggerProvider });
      for (const level of ["error", "warn", "info", "debug", "verbose"] as const) log[level]("it");
      count("server-urls")(seen.at(-1)).toBe(expected);
      count("server-urls")(seen).toHaveLength(LogLevel[expected]);
    }
  });

  it("http-requests: evaluates remotely", async () => {
    interface Vectors {
      readonly cases: {
        readonly call: string;
        readonly deploymentKey: string;
        readonly serverUrl: string;
        readonly user: object;
        readonly options?: { readonly flagKeys: string[]; readonly timeoutMillis: number };
        readonly expected: {
          readonly method: string;
          readonly url: string;
          readonly headers: Record<string, string>;
        };
      }[];
      readonly fetchOptionsToHeaders: {
        readonly options: object;
        readonly track: string | null;
        readonly exposureTrack: string | null;
      }[];
      readonly fetchRetryByStatus: { readonly status: number | null; readonly retried: boolean }[];
    }
    const { cases, fetchOptionsToHeaders, fetchRetryByStatus } =
      readVectors<Vectors>("http-requests");
    await using server = await startTestServer(answer({}));
    const clientOf = (key: string) =>
      new RemoteEvaluationClient(key, {
        ...{ serverUrl: server.url, logger: SILENT, fetchRetryBackoffMinMillis: 1 },
      });
    for (const { call, deploymentKey, expected, options, serverUrl, user } of cases) {
      if (call !== "getVariants") continue;
      const given =
        options === undefined
          ? {}
          : { flagKeys: options.flagKeys, tracksAssignment: false, tracksExposure: false };
      await clientOf(deploymentKey).fetchV2(user, given);
      const request = server.requests.at(-1);
      count("http-requests")(request?.method).toBe(expected.method);
      // The mode and the way of delivery are options of the browser SDKs.
      const target = expected.url
        .replace(serverUrl, "")
        .replace("&eval_mode=local&delivery_method=web", "");
      count("http-requests")(request?.target).toBe(target);
      for (const [name, value] of Object.entries(expected.headers)) {
        const header = String(request?.headers[name.toLowerCase()]);
        const sent = name === "X-Amp-Exp-User" ? withoutLibrary(header) : header;
        count("http-requests")(sent, name).toBe(value);
      }
    }
    for (const { exposureTrack, options, track } of fetchOptionsToHeaders) {
      await clientOf("key").fetchV2({}, options);
      const headers = server.requests.at(-1)?.headers;
      count("http-requests")(headers?.["x-amp-exp-track"] ?? null).toBe(track);
      count("http-requests")(headers?.["x-amp-exp-exposure-track"] ?? null).toBe(exposureTrack);
    }
    for (const { retried, status } of fetchRetryByStatus) {
      const from = server.requests.length;
      const failing: Reply = status === null ? { kind: "reset" } : { kind: "answer", status };
      server.respond(() => (server.requests.length === from + 1 ? failing : answer({})));
      const outcome = await clientOf("key")
        .fetchV2({})
        .then(
          () => "answered",
          () => "failed",
        );
      const requests = server.requests.length - from;
      count("http-requests")({ requests, outcome }, String(status)).toEqual(
        retried ? { requests: 2, outcome: "answered" } : { requests: 1, outcome: "failed" },
      );
    }
  });

  it("http-requests: downloads cohorts", async () => {
    interface Vectors {
      readonly cases: {
        readonly call: string;
        readonly apiKey?: string;
        readonly secretKey?: string;
        readonly maxCohortSize: number;
        readonly lastModified?: number;
        readonly expected: {
          readonly method?: string;
          readonly url?: string;
          readonly headers: Record<string, string>;
        };
      }[];
      readonly cohortStatus: { readonly status: number; readonly result: string }[];
    }
    const { cases, cohortStatus } = readVectors<Vectors>("http-requests");
    for (const { apiKey = "a", call, expected, lastModified, maxCohortSize, ...it } of cases) {
      if (call !== "getCohort") continue;
      const { secretKey = "s" } = it;
      const sync = { apiKey, secretKey, maxCohortSize };
      const { later, requests } = await lookAtCohort(answer(COHORT), sync, "/cohortapi");
      const [request] = lastModified === undefined ? requests : later;
      const { headers, method, url } = expected;
      if (method !== undefined) count("http-requests")(request?.method).toBe(method);
      if (url !== undefined) {
        const target = url.replace("https://example.com", "");
        count("http-requests")(request?.target).toBe(target);
        // The recorded header is a placeholder ("Basic apikeyapikey"), so the expected one is computed.
        const keys = Buffer.from(`${apiKey}:${secretKey}`).toString("base64");
        count("http-requests")(request?.headers["authorization"]).toBe(`Basic ${keys}`);
      } else {
        count("http-requests")(request?.headers["authorization"]).toBe(headers["Authorization"]);
      }
      const library = String(request?.headers["x-amp-exp-library"]);
      count("http-requests")(library).toMatch(/^[^/]+\/[^/]+$/); // library/version
    }
    for (const { result, status } of cohortStatus) {
      const reply: Reply = status === 200 ? answer(COHORT) : { kind: "answer", status };
      const sync = { apiKey: "a", secretKey: "s" };
      const { first, requests } = await lookAtCohort(reply, sync);
      const warnings = first.kind === "payloads" ? (first.warnings ?? []) : [];
      const isFailure = result.startsWith("error") || result === "unchanged"; // there is no earlier cohort to keep
      count("http-requests")(warnings.length, result).toBe(isFailure ? 1 : 0);
      const isRetried = result.endsWith(": retried");
      if (result !== "unchanged") {
        count("http-requests")(requests.length, result).toBe(isRetried ? 3 : 1);
      }
    }
  });
});

/** Removes the library's name from the header of a user. Only server clients add it. */
function withoutLibrary(header: string): string {
  const { library: _, ...user } = JSON.parse(Buffer.from(header, "base64url").toString());
  return Buffer.from(JSON.stringify(user)).toString("base64url");
}
