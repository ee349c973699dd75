"""How a page looks."""

__all__ = ["STYLE"]

STYLE = """
main{max-width:80rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:1.5rem 0 .75rem}
h2{font-size:1.3rem;margin:2.5rem 0 .5rem}
p,figcaption,caption{max-width:46rem}
p{margin:.75rem 0}
.lead{font-size:1.15rem}
code,.formula{font-family:"DejaVu Sans Mono","Liberation Mono",Menlo,Consolas,monospace;
font-size:.9em}
.formula{margin:1rem 0;padding:.9rem 1.1rem;overflow-x:auto;border-left:3px solid #c9940c;
background:#faf7ee;line-height:1.7;width:fit-content;max-width:100%;box-sizing:border-box}
figure{margin:1.5rem 0 2rem;break-inside:avoid}
.row{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}
.drawn{max-width:100%;overflow-x:auto}
.drawn svg{max-width:100%;height:auto;display:block}
figcaption,caption{color:#5b6675;font-size:.93rem;margin-top:.5rem;text-align:left}
main table{margin:1rem 0 1.5rem;font-size:.95rem}
.number{text-align:right}
"""
