// llms.txt: the list of all pages for programs that read documentation (https://llmstxt.org). It is written
// from the pages by `npm run docs:write`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const INTRODUCTION = `# Sortition

> Feature flags, experiments and contextual bandits for Node.js, evaluated in your process, with the configuration of Eppo, GrowthBook, Amplitude Experiment or PostHog. TypeScript, Node 20.19 and newer, ES modules and CommonJS.

- \`@sortition/node\` is the client to begin with: \`init({ apiKey, assignmentLogger })\`, then \`getBooleanAssignment(flagKey, subjectKey, attributes, defaultValue)\`.
- Evaluation is synchronous, never throws in the default mode, and returns the default value with a reason if it cannot answer.
- \`@sortition/growthbook\`, \`amplitude\`, \`posthog\` and \`eppo\` have the names of the vendors' SDKs: moving changes the import line.
- \`@sortition/redis\` shares one configuration and one poller among many processes.`;

const SECTIONS = [
  { title: "Start", pages: ["README.md", "docs/README.md", "docs/concepts.md"] },
  { title: "Guides", folder: "docs/guides" },
  { title: "Moving from a vendor's SDK", folder: "docs/migrate" },
  { title: "Packages", folder: "packages", isPackages: true },
  { title: "Reference", folder: "docs", more: "docs/reference" },
  { title: "Optional", folder: "docs/spec" },
];

/**
 * @param {string} root
 * @returns {string}
 */
export function llmsText(root) {
  const seen = new Set();
  const parts = SECTIONS.map(({ folder, isPackages = false, more, pages = [] }, i) => {
    const found = [...pages];
    if (isPackages) {
      const isPublic = (name) =>
        JSON.parse(readFileSync(join(root, folder, name, "package.json"), "utf8")).private !== true;
      found.push(
        ...namesIn(root, folder)
          .filter(isPublic)
          .map((name) => `${folder}/${name}/README.md`),
      );
    } else {
      for (const each of [folder, more]) if (each !== undefined) found.push(...pagesIn(root, each));
    }
    const fresh = found.filter((page) => existsSync(join(root, page)) && !seen.has(page));
    for (const page of fresh) seen.add(page);
    const lines = fresh.map((page) => lineOf(page, readFileSync(join(root, page), "utf8")));
    return `## ${SECTIONS[i].title}\n\n${lines.join("\n")}`;
  });
  return `${[INTRODUCTION, ...parts].join("\n\n")}\n`;
}

function namesIn(root, folder) {
  return readdirSync(join(root, folder)).sort();
}

function pagesIn(root, folder) {
  return namesIn(root, folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);
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
