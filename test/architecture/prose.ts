import { keptProse, retiredTerms, retiredWords } from "./rules.ts";
import type { Source } from "./source.ts";

/** Comments of TypeScript and of Lua. A string that has `//` or `--` counts as well: it is read by people, too. */
const COMMENTS: Readonly<Record<string, RegExp>> = {
  ts: /\/\*[\s\S]*?\*\/|\/\/.*/g,
  lua: /--.*/g,
};

/** What is not prose: addresses, paths of files, and names of entries. */
const ADDRESSES = /(?:https?:\/\/|[\w@.-]*\/)[\w@./#-]+/g;

/** Returns each retired word that a page or a comment has, as `file: the term X: use Y`. */
export function findRetiredTerms(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => !/^apps\/|\.test\.ts$/.test(path))
    .filter(({ path }) => !Object.keys(keptProse).some((kept) => path.startsWith(kept)))
    .flatMap(({ path, text }) => {
      const comments = COMMENTS[path.slice(path.lastIndexOf(".") + 1)];
      const prose = comments === undefined ? text : (text.match(comments) ?? []).join("\n");
      const words = prose.replaceAll(ADDRESSES, "");
      return Object.entries(retiredWords).flatMap(([word, instead]) =>
        (words.match(retiredTerms[word] ?? termOf(word)) ?? []).map(
          (found) => `${path}: the term ${found}: use ${instead}`,
        ),
      );
    });
}

/** A word in lower case also begins sentences, and has a plural; another one is a name. */
function termOf(word: string): RegExp {
  return /[A-Z]/.test(word)
    ? new RegExp(`\\b${word}\\b`, "g")
    : new RegExp(`\\b${word}s?\\b`, "gi");
}
