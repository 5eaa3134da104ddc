// Copied beside the staged pages as .vitepress/config.mjs.
import { readFileSync } from "node:fs";

const { repository, sidebar } = JSON.parse(
  readFileSync(new URL("./site.json", import.meta.url), "utf8"),
);

/** As GitHub makes anchors, which the links of the pages expect. */
function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .replaceAll(" ", "-");
}

export default {
  title: "Sortition",
  description: "Feature flags, experiments and contextual bandits for TypeScript servers",
  lang: "en",
  cleanUrls: true,
  markdown: { anchor: { slugify }, headers: { slugify }, toc: { slugify } },
  // Examples of addresses.
  ignoreDeadLinks: [/^https?:\/\/localhost/],
  themeConfig: {
    nav: [
      { text: "Start", link: "/docs/guides/getting-started" },
      { text: "Documentation", link: "/docs/" },
      { text: "API", link: "/api/index.html", target: "_self" },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: repository }],
  },
};
