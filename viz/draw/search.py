"""Find a card in the page of a large picture: by name, operation or line of the program.

The script reads what the picture says, fetches nothing and stores nothing. Without it the page
is the picture.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

__all__ = ["SEARCH", "Search"]

_FORM = """<form class="search" role="search" hidden>
<label>Find <input type="search" autocomplete="off" spellcheck="false" \
placeholder="name, operation, file:line" aria-describedby="found"></label>
<button type="button" value="-1" aria-label="previous">\u2190</button>
<button type="submit" aria-label="next">\u2192</button>
<output id="found"></output>
<label><input type="checkbox"> whole picture</label>
</form>
"""

_STYLE = """
.search:not([hidden]){position:sticky;left:0;top:0;z-index:1;display:flex;gap:.6rem;
align-items:center;padding:.5rem 18px;background:inherit;width:max-content;max-width:100%;
box-sizing:border-box;flex-wrap:wrap}
.search input[type=search]{font:inherit;width:18rem;max-width:50vw;padding:.2rem .5rem}
.search button{font:inherit;min-width:2.2rem}
body{background-color:Canvas}
svg g.found>rect:first-of-type{stroke:#8a5cf0!important;stroke-width:5!important}
.picture.whole{overflow:hidden}
.band{display:flex;width:max-content}
.tile{content-visibility:auto;flex:none}
.tile svg,.picture>svg{display:block}
.picture.whole .band{width:auto}
.picture.whole .tile{width:var(--share)!important;height:auto!important}
.picture.whole svg{width:100%;height:auto}
.picture.whole svg g.found>rect:first-of-type{stroke-width:60!important}
"""

_SCRIPT = """
(() => {
"use strict";
const form = document.querySelector(".search"), field = form.querySelector("[type=search]");
const whole = form.querySelector("[type=checkbox]"), said = form.querySelector("output");
const picture = document.querySelector(".picture");
// What is written with subscripts is found by plain digits, too.
const plain = text => text.toLowerCase().replace(/[\\u2080-\\u2089]/g,
  c => String.fromCharCode(c.charCodeAt(0) - 0x2050));
let cards = null, hits = [], at = -1, marked = null, timer = 0;
const read = () => cards ??= Array.from(picture.querySelectorAll("g.card"), g => {
  const name = g.querySelector("text")?.firstChild?.textContent ?? "";
  return [g, plain(name), plain(g.textContent + " " + (g.getAttribute("aria-label") ?? ""))];
});
const show = step => {
  marked?.classList.remove("found");
  marked = null;
  if (!hits.length) { said.value = field.value.trim() ? "nothing found" : ""; return; }
  at = (at + step + hits.length) % hits.length;
  marked = hits[at];
  marked.classList.add("found");
  marked.scrollIntoView({block: "center", inline: "center"});
  said.value = (at + 1) + " of " + hits.length;
};
const find = () => {
  const words = plain(field.value.trim()).split(/\\s+/).filter(Boolean);
  const found = words.length ? read().filter(c => words.every(w => c[2].includes(w))) : [];
  // What is called so comes first, then what only speaks of it.
  const exact = found.filter(c => c[1] === words.join(" "));
  hits = [...exact, ...found.filter(c => c[1] !== words.join(" "))].map(c => c[0]);
  at = -1;
  show(1);
};
form.hidden = false;
field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, 200); });
form.addEventListener("submit", event => { event.preventDefault(); show(1); });
form.querySelector("[type=button]").addEventListener("click", () => show(-1));
whole.addEventListener("change", () => {
  picture.classList.toggle("whole", whole.checked);
  marked?.scrollIntoView({block: "center", inline: "center"});
});
document.addEventListener("keydown", event => {
  const away = document.activeElement !== field;
  if (event.key === "/" && away) { event.preventDefault(); field.focus(); }
  if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); show(-1); }
});
})();
"""


@dataclass(frozen=True, slots=True)
class Search:
    """What a page needs to be searched.

    Attributes:
        form: the field, hidden where no script runs.
        style: its rules.
        script: what finds the cards.
    """

    form: str
    style: str
    script: str

    @property
    def digest(self) -> str:
        """The script's SHA-256 as a content security policy names it."""
        found = hashlib.sha256(self.script.encode("utf-8")).digest()
        return base64.b64encode(found).decode("ascii")

    @property
    def element(self) -> str:
        """The script as an element of the page."""
        return f"<script>{self.script}</script>\n"


SEARCH = Search(_FORM, _STYLE, _SCRIPT)
