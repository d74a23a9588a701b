import { dark, light, monoFont, sansFont, type Palette } from './tokens';

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name}:${color};`)
    .join('');
}

/** The tokens as CSS variables, dark where the reader's system is. */
export const tokenStyle = `:root{color-scheme:light dark;${variables(light)}}
@media (prefers-color-scheme:dark){:root{${variables(dark)}}}`;

/** Every class that marks use. */
export const plotStyle = `
.plot{display:block;max-width:100%;height:auto;font:12px ${sansFont};font-variant-numeric:tabular-nums}
.plot path,.plot line{fill:none;stroke-linejoin:round}
.plot .grid{stroke:var(--line);stroke-width:1}
.plot .axis{stroke:var(--quiet);stroke-width:1}
.plot .tick,.plot .axis-title,.plot .point-label{fill:var(--quiet)}
.plot .halo{paint-order:stroke;stroke:var(--panel);stroke-width:3px;stroke-linejoin:round}
.plot .ready-area{fill:var(--ready);fill-opacity:.18}
.plot .ready{stroke:var(--ready);stroke-width:2}
.plot .desired{stroke:var(--desired);stroke-width:1.5}
.plot .starting-stripe{stroke:var(--ready);stroke-width:1}
.plot .starting{stroke:none}
.plot .signal{stroke:var(--signal);stroke-width:1.75}
.plot .signal-dot{fill:var(--signal)}
.plot .backlog-age{stroke:var(--quiet);stroke-width:1.5}
.plot .backlog-age-dot{fill:var(--quiet)}
.plot .target{stroke:var(--target);stroke-width:1.25;stroke-dasharray:6 4}
.plot .target-label{fill:var(--target)}
.plot .activation{stroke:var(--target);stroke-width:1.5;stroke-dasharray:1.5 4;stroke-linecap:round}
.plot .activation-label{fill:var(--target)}
.plot .limit{stroke:var(--quiet);stroke-width:1;stroke-dasharray:10 4}
.plot .limit-label{fill:var(--quiet)}
.plot .load{stroke:var(--quiet);stroke-width:1;stroke-dasharray:2 3}
.plot .load-label{fill:var(--quiet)}
.plot .sync{stroke:var(--quiet);stroke-width:1}
.plot .poll{stroke:var(--quiet);stroke-width:1;stroke-opacity:.6}
.plot .clock-label{fill:var(--quiet);font-size:11px}
.plot .decision{cursor:pointer}
.plot .decision .glyph{stroke:var(--panel);stroke-width:1.5;paint-order:stroke}
.plot .decision.up .glyph{fill:var(--good)}
.plot .decision.down .glyph{fill:var(--ready)}
.plot .decision.held .glyph{fill:var(--warn)}
.plot .decision .change{fill:var(--text);font-weight:600}
.plot .decision .hit{fill:transparent}
.plot .decision .cursor{stroke:var(--text);stroke-width:1;visibility:hidden}
.plot .decision.chosen .cursor{visibility:visible}
.plot .decision.chosen .glyph{stroke:var(--text)}
.plot .series-1{fill:var(--ready);stroke:var(--panel)}
.plot .series-2{fill:var(--signal);stroke:var(--panel)}
.plot .series-3{fill:var(--good);stroke:var(--panel)}
`;

/** A plot as a file of its own, with the style inside. */
export function svgDocument(svg: string): string {
  const style = `${tokenStyle}${plotStyle}svg{background:var(--panel)}`;
  return svg.replace(/^(<svg[^>]*>)/, `$1<style>${style}</style>`);
}

/** What a page has around its plots. */
export const pageStyle = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 ${sansFont};font-variant-numeric:tabular-nums}
main{max-width:1240px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}
h2{font-size:18px;line-height:1.3;margin:0}
h3{font-size:15px;margin:20px 0 4px}
p{margin:4px 0}
code,.name{font-family:${monoFont};font-size:.95em}
.quiet{color:var(--quiet)}
section.workload,section.summary{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:16px;margin:16px 0}
.headline{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:baseline}
.headline .now{color:var(--quiet)}
.state{font-weight:600}
.state.good{color:var(--good)}.state.bad{color:var(--bad)}.state.idle{color:var(--idle)}.state.warn{color:var(--warn)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;margin:8px 0}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--quiet);font-weight:500;white-space:nowrap}
td.figure,th.figure{text-align:right;padding-right:24px}
a{color:var(--ready)}
td.time{white-space:nowrap}
.picture{margin:12px 0 0;border-radius:6px}
.picture:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--ready);outline-offset:2px}
.narrow-plot{display:none}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:13px;color:var(--quiet);margin:4px 0 0;padding:0;list-style:none}
.legend li{display:flex;align-items:center;gap:6px}
.legend svg{display:block;width:24px;height:12px}
.card{border:1px solid var(--line);border-radius:6px;padding:8px 12px;margin:12px 0;min-height:120px}
.card .sentence{font-size:15px}
details{margin:8px 0}
summary{cursor:pointer;color:var(--quiet)}
.bounded{max-height:360px;overflow:auto}
.rules td:last-child{font-weight:600}
@media (max-width:720px){
.wide-plot{display:none}.narrow-plot{display:block}
main{padding:16px 8px 48px}
section.workload,section.summary{padding:12px 8px}
}
@media print{details>*{display:block}.card{display:none}}
`;
