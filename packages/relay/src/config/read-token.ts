import { OptionError } from "@sortition/core/internal";
import { type FlagPatterns, TOKEN_SCOPES, type TokenConfig, type TokenScope } from "./config.js";
import {
  listOf,
  oneOf,
  optional,
  type Reader,
  type Readers,
  type Rule,
  readBoolean,
  readMembers,
  readString,
  stringThat,
} from "./reader.js";

interface TokenMembers extends Omit<TokenConfig, "flags" | "scopes"> {
  readonly scopes: readonly TokenScope[] | null;
  readonly flags: FlagPatterns | null;
}

const FLAGS: Readers<FlagPatterns> = {
  include: optional(listOf(readString, '"flag-key"'), null),
  exclude: listOf(readString, '"flag-key"'),
};

const TOKEN: Readers<TokenMembers> = {
  name: stringThat(
    (text) => /^[\w.-]{1,63}$/.test(text),
    "expected 1 to 63 letters, digits, dots, - and _",
  ),
  sha256: stringThat(
    (text) => /^[0-9a-f]{64}$/i.test(text),
    "expected the 64 hexadecimal digits that `sortition-relay token` prints",
  ),
  scopes: optional(listOf(oneOf(TOKEN_SCOPES), '"evaluate"'), null),
  flags: optional((path, value, reading) => readMembers(FLAGS, path, value, reading), null),
  remoteEval: readBoolean,
};

const RULES: readonly Rule<TokenMembers>[] = [
  {
    members: ["remoteEval", "scopes"],
    check(path, { remoteEval, scopes }) {
      if (!remoteEval || scopes === null) return;
      throw new OptionError(`${path}.scopes`, "cannot be given together with remoteEval");
    },
  },
  {
    members: ["flags", "scopes"],
    check(path, { flags, scopes }) {
      const isEvaluated = scopes?.some((it) => it === "evaluate" || it === "manifest") ?? false;
      if (flags === null || isEvaluated) return;
      const problem = "needs the scope evaluate or manifest; other scopes apply to all flags";
      throw new OptionError(`${path}.flags`, problem);
    },
  },
];

const EXAMPLE = '{ "name": "web", "sha256": "…" }, which `sortition-relay token` prints';

export const readToken: Reader<TokenConfig> = (path, value, reading) => {
  const members = readMembers(TOKEN, path, value, reading, { rules: RULES, example: EXAMPLE });
  const { flags, remoteEval, scopes, sha256 } = members;
  return {
    ...members,
    sha256: sha256.toLowerCase(),
    scopes: scopes ?? (remoteEval ? [] : ["configuration"]),
    flags: flags ?? { include: null, exclude: [] },
  };
};
