import type { OverrideOptions } from "@sortition/web/server";
import { readArguments } from "../arguments.js";
import type { CommandLine } from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { typesOf } from "../help/command-help.js";
import { OVERRIDE } from "./help.js";

/** The parsed command line. */
export interface LinkOptions extends OverrideOptions {
  /** The address of the route. */
  readonly url: URL;
}

const SECONDS = { s: 1, m: 60, h: 3_600 } as const;

/** @throws UsageError */
export async function parseOverrideOptions({ args, io }: CommandLine): Promise<LinkOptions> {
  const { given, repeated } = readArguments(args, typesOf(OVERRIDE.options), false);
  const audience = given.get("audience");
  if (audience === undefined)
    throw new UsageError("--audience NAME is missing: that of webFlags({ audience })");
  const secret = io.env["FLAGS_SECRET"];
  if (secret === undefined || secret === "") {
    throw new UsageError(
      "the environment variable FLAGS_SECRET is not set: set it to one of the secrets passed to webFlags",
    );
  }
  return {
    flags: flagsOf(repeated.get("flag") ?? []),
    audience,
    secrets: [secret],
    expiresInSeconds: secondsOf(given.get("expires") ?? "1h"),
    subjectKey: given.get("subject"),
    path: given.get("path"),
    url: urlOf(given.get("url")),
  };
}

function flagsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  if (pairs.length === 0)
    throw new UsageError("--flag FLAG=VARIATION is missing, such as --flag checkout=fast");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, flag, variation] = /^(.+)=([^=]+)$/s.exec(pair) ?? [];
      if (flag === undefined || variation === undefined) {
        throw new UsageError(
          `--flag: expected FLAG=VARIATION, such as checkout=fast, got ${JSON.stringify(pair)}`,
        );
      }
      return [flag, variation];
    }),
  );
}

function secondsOf(text: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS]; // NaN without a match
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new UsageError(
      `--expires: expected a time of at most 24h, such as 30m or 1h, got ${JSON.stringify(text)}`,
    );
  }
  return seconds;
}

function urlOf(text: string | undefined): URL {
  if (text === undefined)
    throw new UsageError("--url URL is missing, such as --url https://shop.example/api/overrides");
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError(
      `--url: expected an address such as https://shop.example/api/overrides, got ${JSON.stringify(text)}`,
    );
  }
  return new URL(text);
}
