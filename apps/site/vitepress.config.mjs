// Copied next to the staged pages as .vitepress/config.mjs.
import { readFileSync } from "node:fs";

const { insidePaths, repository, sidebar, version } = JSON.parse(
  readFileSync(new URL("./site.json", import.meta.url), "utf8"),
);

/** Creates anchors like GitHub, because the links of the pages use those. */
function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .replaceAll(" ", "-");
}

/** Returns a function for the URL where a page is edited. VitePress serializes it, so it cannot refer to other code. */
function editAddress(base) {
  return new Function(
    "page",
    `return ${JSON.stringify(`${base}/edit/main/`)} + page.filePath.replace(/(^|\\/)index\\.md$/, "$1README.md")`,
  );
}

/**
 * Returns a function for the weight of a section in the search. Like {@link editAddress}, it cannot refer to other code.
 *
 * @param {readonly (readonly [string, number])[]} weights - starts of paths and their weights. All others have the weight 1.
 */
function weightOf(weights) {
  return new Function(
    "id",
    `return (${JSON.stringify(weights)}.find(([path]) => id.startsWith(path)) ?? ["", 1])[1]`,
  );
}

/** Options of MiniSearch. */
const searchOptions = {
  // A guide comes before the reference and the symptoms of the same topic, and pages for contributors come last.
  boostDocument: weightOf([
    ...insidePaths.map((path) => [path, 0.01]),
    ["/docs/reference", 0.7],
    ["/packages", 0.7],
    ["/docs/troubleshooting", 0.5],
    ["/docs/errors", 0.5],
  ]),
  // Otherwise "a" finds all words that begin with it, and "jest" finds "rest".
  prefix: (term) => term.length > 2,
  fuzzy: (term) => (term.length > 4 ? 0.2 : false),
};

export default {
  title: "Sortition",
  description: "Feature flags, experiments and contextual bandits for TypeScript servers",
  lang: "en",
  cleanUrls: true,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: "/logo.svg" }]],
  markdown: {
    anchor: { slugify },
    headers: { slugify },
    toc: { slugify },
    config({ renderer: { rules } }) {
      const { code_inline: render } = rules;
      // Otherwise Vue evaluates what stands between double braces in a code span. VitePress does the same for code blocks.
      const unevaluated = (...given) => render?.(...given).replace("<code", "<code v-pre") ?? "";
      // A column of codes such as SORTITION_NO_INSTANCE would be most of a phone's width.
      rules.code_inline = (...given) =>
        unevaluated(...given).replaceAll(/(?<=\w)_(?=\w)/g, "_<wbr>");
    },
  },
  // Example URLs.
  ignoreDeadLinks: [/^https?:\/\/localhost/],
  lastUpdated: true,
  themeConfig: {
    logo: { src: "/logo.svg", alt: "" },
    nav: [
      { text: "Start", link: "/docs/guides/getting-started" },
      { text: "Documentation", link: "/docs/" },
      { text: "API", link: "/api/index.html", target: "_self" },
      { text: version, link: "/docs/versions" },
      { text: "Inside", link: "/docs/architecture" },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: "local", options: { miniSearch: { searchOptions } } },
    editLink: {
      pattern: editAddress(repository),
      text: "Edit this page on GitHub",
    },
    lastUpdated: { text: "Last changed", formatOptions: { dateStyle: "long" } },
    notFound: {
      title: "This page does not exist",
      quote: "It may have moved. Search for it, or start from the list of all pages.",
      linkText: "All pages, by task",
      linkLabel: "go to the documentation",
      link: "/docs/",
    },
    footer: {
      message: `MIT licence. Not affiliated with Eppo, GrowthBook, Amplitude, PostHog, Datadog, LaunchDarkly or Statsig.`,
    },
    socialLinks: [{ icon: "github", link: repository }],
  },
};
