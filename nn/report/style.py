"""The style sheet of the page."""

from __future__ import annotations

__all__ = ["STYLE"]

_LIGHT = """--page:#fff;--ink:#1f2933;--muted:#5b6675;--line:#cbd5e1;--soft:#f6f8fb;
--forward:#0b5cad;--backward:#b93a0b;--good:#1e6f50;--good-soft:#e6f4ee;--bad-soft:#fdeee6;
--blue1:#e3eefa;--blue2:#c3dbf3;--blue3:#9cc3ea;--blue4:#cfe2f6;--blue5:#0b5cad;--on5:#fff;
--red1:#fbe0d2;--red2:#f6c1a5;--red3:#f0a27b;
--depth1:#0b5cad;--depth2:#3a56a8;--depth3:#6a4c96;--depth4:#94437a;--depth5:#ac3f4a;--depth6:#b93a0b;"""

_DARK = """--page:#0f172a;--ink:#e8edf4;--muted:#a3b0c2;--line:#2d3b55;--soft:#131d33;
--forward:#7cc0ff;--backward:#ff9d6b;--good:#6fd3ac;--good-soft:#10302a;--bad-soft:#3a2016;
--blue1:#13263d;--blue2:#17365a;--blue3:#1b4676;--blue4:#1d4f87;--blue5:#7cc0ff;--on5:#0f172a;
--red1:#4a2414;--red2:#6b3119;--red3:#8f401f;
--depth1:#7cc0ff;--depth2:#9bb6f5;--depth3:#c0abe6;--depth4:#e0a2c4;--depth5:#f29d95;--depth6:#ff9d6b;"""

STYLE = f"""
:root{{color-scheme:light dark;{_LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0;background:var(--page);color:var(--ink);
font:16px/1.55 Helvetica,Arial,"Liberation Sans","DejaVu Sans",sans-serif}}
main,header,footer{{max-width:1120px;margin:0 auto;padding:0 20px}}
header{{padding-top:28px}}
h1{{font-size:1.75rem;line-height:1.2;margin:0 0 .4rem}}
h2{{font-size:1.25rem;margin:2.6rem 0 .4rem}}
h3,h4{{margin:0;font-size:1rem}}
p{{margin:.3rem 0 .9rem;max-width:74ch}}
a{{color:var(--forward)}}
nav{{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:1.1rem 0 0;font-size:.9rem}}
code,pre{{font:.875em/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}}
pre{{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:12px 14px;
overflow-x:auto;margin:.5rem 0}}
.muted{{color:var(--muted)}}
.forward{{color:var(--forward);fill:var(--forward)}}
.backward{{color:var(--backward);fill:var(--backward)}}
.other{{fill:var(--muted)}}
.facts{{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;
margin:1.2rem 0 0;padding:0}}
.facts div{{background:var(--soft);border:1px solid var(--line);border-radius:10px;
padding:10px 14px}}
.facts dt{{color:var(--muted);font-size:.85rem}}
.facts dd{{margin:0}}
.facts .value{{font-size:1.55rem;font-weight:700;line-height:1.3;
font-variant-numeric:tabular-nums}}
.facts .note{{font-size:.85rem;color:var(--muted);line-height:1.35}}
.facts .good .value{{color:var(--good)}}
.facts .bad .value{{color:var(--backward)}}
.panels{{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr));
gap:8px 28px}}
.panels figure{{margin:0}}
.panels figure:only-child{{max-width:640px}}
.panels figcaption{{font-weight:700;margin:.4rem 0 .2rem}}
.chart{{width:100%;height:auto;display:block}}
.chart .grid{{stroke:var(--line);stroke-width:.7}}
.chart .axis{{stroke:var(--muted);stroke-width:1}}
.chart text{{font-size:11.5px;fill:var(--muted);font-variant-numeric:tabular-nums}}
.chart .end{{text-anchor:end}}
.chart .mid{{text-anchor:middle}}
.chart .curve path{{fill:none;stroke-width:1.8;stroke-linejoin:round}}
.chart .curve.forward path{{stroke:var(--forward)}}
.chart .curve.backward path{{stroke:var(--backward)}}
.chart .curve circle{{opacity:.55}}
.chart .curve circle:hover{{opacity:1}}
.chart text.forward{{fill:var(--forward);font-weight:700}}
.chart text.backward{{fill:var(--backward);font-weight:700}}
.depth1{{--tone:var(--depth1)}}.depth2{{--tone:var(--depth2)}}.depth3{{--tone:var(--depth3)}}.depth4{{--tone:var(--depth4)}}.depth5{{--tone:var(--depth5)}}.depth6{{--tone:var(--depth6)}}
.chart [class*="depth"] path{{stroke:var(--tone)}}
.chart .curve[class*="depth"] circle{{fill:var(--tone)}}
.chart text[class*="depth"]{{fill:var(--tone);font-weight:700}}
.scatter{{max-width:640px}}
.scatter circle{{opacity:.55}}
.scatter circle:hover{{opacity:1}}
.scatter .axis{{stroke-dasharray:5 4}}
figure{{margin:1rem 0}}
figcaption{{font-weight:700}}
.distribution{{max-width:640px}}
.distribution .histogram{{height:110px}}
.scroll{{overflow-x:auto;padding-bottom:6px}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}
.confusion caption{{caption-side:bottom;text-align:left;color:var(--muted);font-size:.85rem;
padding-top:.5rem}}
.confusion td,.confusion th{{min-width:40px;height:34px;text-align:center;padding:0 4px}}
.confusion tbody td{{border:1px solid var(--line)}}
.confusion .none{{color:var(--muted);opacity:.6}}
.confusion tbody td.share{{border:0;padding-left:12px;text-align:right;color:var(--muted)}}
.confusion th.share{{padding-left:12px;text-align:right;font-weight:400;color:var(--muted)}}
.right{{font-weight:700}}
.right.l1{{background:var(--blue1)}}.right.l2{{background:var(--blue2)}}
.right.l3{{background:var(--blue3)}}.right.l4{{background:var(--blue4)}}
.right.l5{{background:var(--blue5);color:var(--on5)}}
.wrong{{font-weight:700}}
.wrong.l1{{background:var(--red1)}}.wrong.l2{{background:var(--red2)}}
.wrong.l3,.wrong.l4,.wrong.l5{{background:var(--red3)}}
.gallery{{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:16px}}
.gallery figure{{margin:0;background:var(--soft);border:1px solid var(--line);
border-radius:10px;padding:12px}}
.gallery img{{display:block;image-rendering:pixelated;border-radius:4px;margin:0 auto;
border:1px solid var(--line)}}
.gallery figcaption{{margin:.5rem 0 .2rem;text-align:center;font-weight:700;font-size:.9rem}}
.true{{color:var(--forward)}}
.predicted{{color:var(--backward);white-space:nowrap}}
.bars{{width:100%;font-size:.8rem;line-height:1.3}}
.bars th{{font-weight:400;min-width:1.2em;max-width:7em;text-align:left;white-space:nowrap;
overflow:hidden;text-overflow:ellipsis}}
.bars.long{{max-width:640px;font-size:.9rem;line-height:1.5}}
.bars.long th{{max-width:16em;padding-right:10px}}
.bars td:nth-child(2){{width:100%}}
.bars td:last-child{{text-align:right;white-space:nowrap;padding-left:6px}}
.bars svg{{display:block;width:100%;height:9px}}
.flow{{display:grid;grid-template-columns:190px 1fr;gap:8px 20px;margin:1.2rem 0 1.8rem}}
.verdict strong{{display:block;margin:.3rem 0;color:var(--good)}}
.trouble .verdict strong{{color:var(--backward);text-transform:uppercase}}
.verdict p{{font-size:.85rem;color:var(--muted);margin:0}}
.layers{{display:grid;grid-template-columns:repeat(auto-fit,minmax(124px,1fr));gap:14px}}
.layer{{max-width:250px}}
.layer h4{{font-size:.85rem;font-weight:400;color:var(--muted)}}
.layer p{{font-size:.85rem;text-align:right;margin:.1rem 0 .35rem;line-height:1.35;
font-variant-numeric:tabular-nums}}
.layer .range{{float:left;color:var(--muted);font-size:.75rem;line-height:1.55}}
.layer ul{{list-style:none;margin:0;padding:0;font-size:.8rem;color:var(--muted);
text-align:right;line-height:1.35}}
.histogram{{display:block;width:100%;height:64px;background:var(--soft);
border:1px solid var(--line)}}
.alarming .histogram{{outline:2px solid var(--backward)}}
.histogram .zero{{stroke:var(--line);stroke-width:1}}
.picture{{border:1px solid var(--line);border-radius:10px;overflow:auto;
background:var(--page);margin-top:.4rem}}
.picture>svg{{display:block;margin:0 auto}}
.size:checked~.picture{{max-height:86vh}}
.size:not(:checked)~.picture>svg{{max-width:100%;height:auto}}
.size:not(:checked)~.wide>svg{{min-width:760px}}
.size{{margin:0 .4rem 0 0}}
.facts-table{{font-size:.9rem}}
.facts-table td,.facts-table th{{text-align:left;padding:.25rem 1.2rem .25rem 0;
border-bottom:1px solid var(--line);vertical-align:top}}
.facts-table th{{font-weight:400}}
.facts-table thead th{{color:var(--muted);font-size:.85rem}}
.facts-table tbody td:last-child{{color:var(--muted)}}
footer{{color:var(--muted);font-size:.85rem;margin:3rem auto 2rem}}
@media (max-width:640px){{.confusion td,.confusion th{{min-width:28px;height:30px;padding:0 2px}}
.flow{{grid-template-columns:1fr}}h1{{font-size:1.4rem}}
.facts{{grid-template-columns:1fr 1fr}}}}
@media print{{.picture{{max-height:none}}nav,.size,.size+label{{display:none}}}}
"""
