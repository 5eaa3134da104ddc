import type { OverrideContent } from "./override-token.js";

/** What the page shows. */
type Shown =
  | { readonly kind: "offered"; readonly content: OverrideContent; readonly token: string }
  | { readonly kind: "none" | "refused" | "foreign" };

/** Field of the form that removes overrides. A form whose token was lost has no such field. */
export const REMOVE = "remove";

const NOTICES = {
  none: "Open a link with overrides to show a variation in this browser.",
  refused: "This link is invalid, has expired, or was created for another environment.",
  foreign: "Another site sent this request, so nothing was changed. Open your link again.",
};

/** Returns the HTML of the page that asks before it stores overrides. It has no script. */
export function confirmationPage(shown: Shown): string {
  const main = shown.kind === "offered" ? offered(shown) : `<p>${NOTICES[shown.kind]}</p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Flag overrides</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem }
th, td { text-align: left; padding-right: 2rem } button { font: inherit; padding: 0.3rem 1rem; margin-top: 1rem }</style>
<h1>Flag overrides</h1>
${main}
<form method="post"><button name="${REMOVE}" value="all">Remove all overrides</button></form>
</html>
`;
}

function offered({ content, token }: Extract<Shown, { readonly kind: "offered" }>): string {
  const { expiresAtMs, flags, subjectKey } = content;
  const rows = Object.entries(flags).map(
    ([flag, variation]) => `<tr><td>${escaped(flag)}<td>${escaped(variation)}`,
  );
  const subject = subjectKey === null ? "" : ` and only for the subject ${escaped(subjectKey)}`;
  const until = `${new Date(expiresAtMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return `<p>Show these variations in this browser until ${until}${subject}. They replace earlier overrides, and are not
logged as exposures.</p>
<table><tr><th>Flag<th>Variation
${rows.join("\n")}
</table>
<form method="post"><input type="hidden" name="t" value="${escaped(token)}"><button>Show these variations</button></form>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
