/** The style sheet of all pages. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --quiet: #4a535e; --line: #d0d7de; --bad: #a40e26; --link: #0550ae; --share: #1a7f37; --rest: #e7ebef; --field: #8c959f }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117; --quiet: #9da7b3; --line: #30363d; --bad: #ff7b72; --link: #79c0ff; --share: #3fb950; --rest: #21262d; --field: #6e7681 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 72rem; padding: 0 1rem 3rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back) }
a { color: var(--link) }
a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible, select:focus-visible, pre:focus-visible, .table:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -99rem } .skip:focus { position: static }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; margin: .6rem 0; padding: 0 }
nav a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none }
header { border-bottom: 1px solid var(--line); margin-bottom: 1rem }
h1 { font-size: 1.5rem; overflow-wrap: anywhere } h2 { font-size: 1.2rem; margin-top: 2rem; overflow-wrap: anywhere } h3 { font-size: 1rem; overflow-wrap: anywhere }
p, li, dd { overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem } dt { color: var(--quiet) } dd { margin: 0 }
form .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .6rem 1rem; margin-bottom: .6rem }
fieldset { border: 1px solid var(--line); margin: .6rem 0; padding: .4rem .8rem .8rem }
label { display: block } .row { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem; margin-bottom: .3rem }
input, textarea, select, button { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--field); border-radius: 4px; padding: .3rem .5rem; max-width: 100% }
input, textarea, select { width: 100% } textarea { font-family: ui-monospace, monospace; min-height: 5rem }
button { cursor: pointer } td button { padding: .1rem .5rem }
.table { overflow-x: auto }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; color: var(--quiet); padding: .3rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; min-width: 5rem } thead th { overflow-wrap: normal }
time { white-space: nowrap }
.number { text-align: right; font-variant-numeric: tabular-nums } .bad { color: var(--bad); font-weight: 600 } .quiet { color: var(--quiet) }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid var(--line); padding-left: .8rem; margin: .6rem 0 }
svg { display: block; margin-top: .4rem; width: 100%; min-width: 4rem; max-width: 20rem } .share { fill: var(--share) } .rest { fill: var(--rest) } .mark { fill: var(--text) }
@media (max-width: 40rem) { body { font-size: 14px } th, td { padding-right: .5rem } .row { grid-template-columns: 1fr 1fr } dl { grid-template-columns: 1fr } dd { margin-bottom: .4rem } }
`;
