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

/** Where a table or a block of code goes on beyond its edge, the edge has a shadow, as long as there is more. */
const SCROLLING = `
.vp-doc table, .vp-doc div[class*="language-"] pre {
  --paper: var(--vp-c-bg);
  overflow-x: auto;
  background:
    linear-gradient(to right, var(--paper) 40%, transparent) left / 2rem 100% no-repeat local,
    linear-gradient(to left, var(--paper) 40%, transparent) right / 2rem 100% no-repeat local,
    radial-gradient(farthest-side at 0 50%, rgb(0 0 0 / 35%), transparent) left / 0.8rem 100% no-repeat scroll,
    radial-gradient(farthest-side at 100% 50%, rgb(0 0 0 / 35%), transparent) right / 0.8rem 100% no-repeat scroll;
}
.vp-doc table { display: block; max-width: 100%; }
.vp-doc tr, .vp-doc tr:nth-child(2n) { background: none; }
.vp-doc div[class*="language-"] pre { --paper: var(--vp-code-block-bg); }
`;

export default {
  title: "Sortition",
  description: "Feature flags, experiments and contextual bandits for TypeScript servers",
  lang: "en",
  cleanUrls: true,
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: "/favicon.svg" }],
    ["style", {}, SCROLLING],
  ],
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
