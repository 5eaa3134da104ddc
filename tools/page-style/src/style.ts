/** The style sheet of all HTML pages: variables, typography, then shared components. */
export const BASE_STYLE = `
:root {
  color-scheme: light dark;
  --space-1: .25rem; --space-2: .5rem; --space-3: .75rem; --space-4: 1rem; --space-5: 1.5rem; --space-6: 2.5rem;
  --radius: 8px; --radius-small: 5px; --radius-chip: 999px;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  --back: #f5f7f9; --surface: #fff; --sunken: #eef1f4; --text: #1b2027; --quiet: #505a66; --line: #d9dfe5; --field: #868f99;
  --accent: #17663a; --accent-text: #fff; --link: #0b57a8;
  --good: #17663a; --good-back: #ddf3e4; --warn: #7a4b00; --warn-back: #fdeecb; --bad: #a1132a; --bad-back: #fde3e5; --calm: #445060; --calm-back: #e6eaef;
  --v0: #1f7a4d; --v1: #2f6fb7; --v2: #b06a00; --v3: #8a4fb5; --v4: #0c7f86; --v5: #b3416f; --rest: #cdd4db;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0e1217; --surface: #161c23; --sunken: #1f262f; --text: #e5eaf0; --quiet: #a1acb8; --line: #2c353f; --field: #727d89;
    --accent: #3fb56f; --accent-text: #06150c; --link: #83bdf7;
    --good: #6fd397; --good-back: #14341f; --warn: #f0bf62; --warn-back: #3a2c0c; --bad: #ff9a9a; --bad-back: #431a1f; --calm: #b4bfca; --calm-back: #29323c;
    --v0: #3fb56f; --v1: #5a9be6; --v2: #dd9a3a; --v3: #b583dc; --v4: #3bb3ba; --v5: #e0769f; --rest: #414c57;
  }
}
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back) }
a { color: var(--link); text-underline-offset: .15em }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }

.top { background: var(--surface); border-bottom: 1px solid var(--line) }
.bar, main, footer { max-width: 84rem; margin: 0 auto; padding-inline: var(--space-5) }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0 var(--space-5); min-height: 3.5rem }
.brand { display: flex; align-items: center; gap: var(--space-2); color: var(--text); font-weight: 650; text-decoration: none; padding-block: var(--space-3) }
.brand svg { display: block; width: 1.5rem; height: 1.5rem }
footer { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4); padding-block: var(--space-5); color: var(--quiet); font-size: .875rem }

main { padding-block: var(--space-5) }
h1 { font-size: 1.625rem; line-height: 1.25; margin: 0 0 var(--space-4) } h2 { font-size: 1.2rem; margin: var(--space-6) 0 var(--space-3) } h3 { font-size: 1rem; margin: 0 }
h1, h2, h3, p, li, dd { overflow-wrap: anywhere }
p { margin: var(--space-2) 0 } ul { margin: var(--space-2) 0; padding-left: 1.25rem }
.lead { color: var(--quiet); max-width: 48rem; margin: 0 0 var(--space-4) }
.quiet { color: var(--quiet) } .bad { color: var(--bad); font-weight: 600 } .small { font-size: .875rem; font-weight: 400 }
.number { text-align: right; font-variant-numeric: tabular-nums } time { white-space: nowrap }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--space-4); margin-bottom: var(--space-4) }
.card > :first-child { margin-top: 0 } .card > :last-child { margin-bottom: 0 }
.empty { margin: 0; color: var(--quiet); text-align: center; padding: var(--space-6) var(--space-4); border: 1px dashed var(--field); border-radius: var(--radius) }
.chip { display: inline-block; padding: 0 var(--space-2); border-radius: var(--radius-chip); font-size: .8125rem; font-weight: 600; line-height: 1.6; color: var(--calm); background: var(--calm-back) }
.chip.good { color: var(--good); background: var(--good-back) } .chip.warn { color: var(--warn); background: var(--warn-back) } .chip.bad { color: var(--bad); background: var(--bad-back) }
.chip.value { overflow-wrap: anywhere; border-radius: var(--radius-small); font-family: var(--mono); font-weight: 500 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: var(--space-1) var(--space-4); margin: 0 } dt { color: var(--quiet) } dd { margin: 0; min-width: 0 }

.table { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); margin: var(--space-4) 0 }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: var(--quiet); padding: var(--space-3) var(--space-4) }
th, td { text-align: left; vertical-align: top; padding: var(--space-2) var(--space-4); border-top: 1px solid var(--line); min-width: 7.5rem }
th[scope=row] { font-weight: 600; overflow-wrap: anywhere }
thead th { font-size: .8125rem; color: var(--quiet); background: var(--sunken) } th.number { text-align: right }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .8125rem/1.6 var(--mono); background: var(--sunken); border-radius: var(--radius-small); padding: var(--space-3); margin: var(--space-2) 0 }
svg.line { display: block; margin: var(--space-2) 0; width: 100%; border-radius: var(--radius-small) } .share { fill: var(--field) } .rest { fill: var(--rest) } .mark { fill: var(--text) }
.v0 { fill: var(--v0) } .v1 { fill: var(--v1) } .v2 { fill: var(--v2) } .v3 { fill: var(--v3) } .v4 { fill: var(--v4) } .v5 { fill: var(--v5) } .swatch { vertical-align: -1px }
.right { fill: var(--v0) } .wrong { fill: var(--bad) } .other { fill: var(--calm) }
summary { cursor: pointer }

@media (max-width: 40rem) {
  body { font-size: 15px } .bar, main, footer { padding-inline: var(--space-4) }
  dl { grid-template-columns: 1fr } dd { margin-bottom: var(--space-2) }
  .stacked, .stacked tbody, .stacked caption { display: block } .stacked thead { position: absolute; left: -99rem }
  .stacked tr { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4); border-top: 1px solid var(--line); padding: var(--space-3) var(--space-4) }
  .stacked th, .stacked td { border: 0; padding: 0; min-width: 0; max-width: 100%; text-align: left } .stacked th[scope=row] { width: 100% } .stacked td:empty { display: none }
  .stacked td[data-label]::before { content: attr(data-label); color: var(--quiet); font-size: .8125rem; margin-right: var(--space-2) }
}
@media print { body { background: none } .top { border: 0 } }
`;
