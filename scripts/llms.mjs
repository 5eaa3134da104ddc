// llms.txt: the list of all pages for programs that read documentation (https://llmstxt.org). It is written
// from the pages by `npm run docs:write`.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pagesIn, publicPackages } from "./pages.mjs";

const INTRODUCTION = `# Sortition

> Feature flags, experiments and contextual bandits for Node.js, evaluated in your process, with the configuration of Eppo, GrowthBook, Amplitude Experiment or PostHog. TypeScript, Node 20.19 and newer, ES modules and CommonJS.

- \`@sortition/node\` is the client to begin with: \`init({ apiKey, assignmentLogger })\`, then \`getBooleanAssignment(flagKey, subjectKey, attributes, defaultValue)\`.
- Evaluation is synchronous, never throws in the default mode, and returns the default value with a reason if it cannot answer.
- \`@sortition/growthbook\`, \`amplitude\`, \`posthog\` and \`eppo\` have the names of the vendors' SDKs: moving changes the import line.
- \`@sortition/redis\` shares one configuration and one poller among many processes.`;

/** Pages for authors of packages, which are no guides for users. */
const AUTHORS = ["docs/guides/writing-a-dialect.md", "docs/reference/kit.md"];

/** Sections, and the pages of each that no section before has. */
const SECTIONS = {
  Start: () => ["README.md", "docs/README.md", "docs/concepts.md"],
  Guides: () => pagesIn("docs/guides").filter((page) => !AUTHORS.includes(page)),
  "Moving from a vendor's SDK": () => pagesIn("docs/migrate"),
  Packages: () => publicPackages().map((folder) => `${folder}/README.md`),
  Reference: () =>
    [...pagesIn("docs"), ...pagesIn("docs/reference")].filter((page) => !AUTHORS.includes(page)),
  "For authors of dialects, sources and loggers": () => AUTHORS,
  Optional: () => pagesIn("docs/spec"),
};

export function llmsText(root) {
  const seen = new Set();
  const parts = Object.entries(SECTIONS).map(([title, pages]) => {
    const fresh = pages().filter((page) => existsSync(join(root, page)) && !seen.has(page));
    for (const page of fresh) seen.add(page);
    const lines = fresh.map((page) => lineOf(page, readFileSync(join(root, page), "utf8")));
    return `## ${title}\n\n${lines.join("\n")}`;
  });
  return `${[INTRODUCTION, ...parts].join("\n\n")}\n`;
}

/** A link with the title of the page and its first sentence. */
function lineOf(page, markdown) {
  const [, title = page] = /^# (.*)$/m.exec(markdown) ?? [];
  const text = markdown
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim().replaceAll("\n", " "))
    .find((paragraph) => /^[\w`*[("'“]/.test(paragraph) && !paragraph.startsWith("[!["));
  const plain = (text ?? "").replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("**", "");
  const [sentence = ""] = /^.*?[.:](?=\s|$)/.exec(plain) ?? [plain];
  const note = sentence.replace(/:$/, ".").trim();
  return `- [${title.replaceAll("`", "")}](${page})${note === "" ? "" : `: ${note}`}`;
}
