import { isManifestKey } from "@sortition/core/dialect-internal";
import { writeResult } from "../evaluate/result-writer.js";
import { EXIT, type Io } from "../io.js";
import { createMessages } from "../messages.js";
import { TYPES } from "../types/help.js";
import { clashingKeys } from "../types/manifest.js";
import { parseTypesOptions } from "../types/options.js";
import { readableFlags } from "../types/readable-flags.js";
import { requireDecrypted } from "../types/require-decrypted.js";
import { manifestTarget, type Target, typeTarget } from "../types/target.js";
import { typeFile } from "../types/type-file.js";
import { replaceFile } from "../types/written-file.js";
import { type Command, command } from "./command.js";

/** `sortition types`: writes TypeScript types and OpenFeature's manifest for the flags of a configuration. */
export const types: Command = command(TYPES, parseTypesOptions, async (options, io) => {
  const { configPath, dialect, isCheck, manifestPath, outPath } = options;
  const messages = createMessages(io);
  const opened = await dialect.open({ ...options, warn: () => {} }); // issues are written as comments
  const { configuration } = opened;
  const issues = opened.issues();
  const name = `--config ${configPath}`;
  requireDecrypted(configuration, name);
  const flags = readableFlags(configuration, dialect.explainer, issues, name);
  for (const { description, getters } of flags) {
    if (getters.length > 0) continue;
    const reason = description.problem === null ? "" : `: ${description.problem}`;
    const key = JSON.stringify(description.key);
    messages.warning(`${key} is left out, because no getter can return its value${reason}`);
  }
  // All files are read before any file is written, so that an unreadable file leaves the others unchanged.
  const targets: Target[] = [];
  if (outPath !== null) targets.push(await typeTarget(outPath, configuration, flags));
  if (manifestPath !== null) {
    targets.push(await manifestTarget(manifestPath, configuration, flags, dialect.explainer));
    for (const { description } of flags) {
      if (isManifestKey(description.key)) continue;
      const key = JSON.stringify(description.key);
      messages.warning(
        `${key} is left out of the manifest, because keys of a manifest cannot contain line breaks`,
      );
    }
    for (const keys of clashingKeys(flags)) {
      const names = keys.map((key) => JSON.stringify(key)).join(" and ");
      messages.warning(`code generators create the same accessor name for ${names}`);
    }
  }
  if (isCheck) return await check(targets, io);
  if (targets.length === 0) await writeResult(io.stdout, typeFile(configuration, flags));
  for (const { former, name, notes, path, text } of targets) {
    if (text !== former) await replaceFile(name, path, text);
    for (const note of notes) messages.plain(`${path}: ${note}`);
  }
  return EXIT.ok;
});

async function check(targets: readonly Target[], { stdout }: Io): Promise<number> {
  const lines = targets.flatMap(({ differences, path }) =>
    differences.map((difference) => `${path}: ${difference}\n`),
  );
  await writeResult(stdout, lines.join(""));
  return lines.length === 0 ? EXIT.ok : EXIT.problems;
}
