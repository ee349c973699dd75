"""The live page: what it computes, in a real browser, is what Python computes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff import Value
from autodiff.sweeps.gradients import gradients
from tests.autodiff.writers.test_javascript import run_node
from tests.viz.browser import Browser, open_browser
from tests.viz.test_browser import overlapping
from viz.alive.page import _embedded
from viz.alive.program import program
from viz.alive.scripts import part
from viz.text.formatting import factor, number

RUN = """
const v = forward(graph, graph.leaves), g = backward(graph, v);
console.log(JSON.stringify([[...v].map(String), [...g].map(String)]));
"""


def neuron() -> Value:
    """The square of the error of one neuron."""
    x1, x2 = ad.Value(2.0), ad.Value(0.5)
    w1, w2 = ad.Value(-0.6), ad.Value(1.1)
    b, t = ad.Value(0.4), ad.Value(0.6)
    o = ad.tanh(w1 * x1 + w2 * x2 + b)
    d = o - t
    loss = d * d
    loss.name = "L"
    return loss


UNARY = (
    "tanh sigmoid relu softplus gelu silu sin cos exp abs square sqrt_of log_of floor erf sign"
).split()
BINARY = "add subtract multiply divide_by maximum minimum hypot logaddexp where power_of".split()


def random_graph(seed: int, size: int = 40) -> Value:
    """A graph over many operations, of which some leaves are used several times."""
    rng = np.random.default_rng(seed)
    nodes = [ad.Value(float(v), name=f"x{i}") for i, v in enumerate(rng.normal(size=5))]

    def pick() -> Any:
        return nodes[max(0, len(nodes) - 1 - int(rng.integers(0, 8)))]

    for _ in range(size):
        if rng.random() < 0.5:
            name, a = UNARY[rng.integers(len(UNARY))], ad.tanh(pick())
            made = (
                {
                    "sqrt_of": lambda a: ad.sqrt(1.5 + a),
                    "log_of": lambda a: ad.log(1.5 + a),
                }.get(name)
                or getattr(ad, name, None)
                or getattr(ad.special, name)
            )
            nodes.append(made(a))
            continue
        name, a, b = BINARY[rng.integers(len(BINARY))], pick(), pick()
        made = {
            "divide_by": lambda a, b: a / (1 + b * b),
            "where": lambda a, b: ad.where(a > b, a, b * 0.5),
            "power_of": lambda a, b: (1 + a * a) ** ad.tanh(b),
        }.get(name) or getattr(ad, name)
        nodes.append(ad.tanh(made(a, b)))
    return ad.total(nodes[5:])


class TestProgram:
    def test_random_graphs_agree_with_python(self) -> None:
        roots = [random_graph(seed) for seed in range(12)]
        programs = [program(root) for root in roots]
        parts = "".join(
            f"{{{p.script()}{RUN.replace('console.log', 'all.push')}}}" for p in programs
        )
        every = run_node(f"const all = [];{parts}console.log(JSON.stringify(all.map(JSON.parse)));")
        for root, running, (v, g) in zip(roots, programs, every, strict=True):
            found = gradients(root)
            for node, value, gradient in zip(running.nodes, v, g, strict=True):
                assert math.isclose(float(value), node.data, rel_tol=1e-12, abs_tol=1e-12)
                if node.is_leaf and node.name is None:
                    continue
                wanted = found.get(node, 0.0)
                assert math.isclose(float(gradient), wanted, rel_tol=1e-11, abs_tol=1e-12), node

    def test_a_small_error_in_a_rule_is_seen(self) -> None:
        root = neuron()
        script = program(root).script()
        assert "1 - y * y" in script
        _, good = run_node(script + RUN)
        _, bad = run_node(script.replace("1 - y * y", "(1 - y * y) * (1 + 1e-11)") + RUN)
        found = [gradients(root).get(node, 0.0) for node in program(root).nodes]
        assert np.allclose(np.array(good, float), found, rtol=1e-12, atol=0)
        assert not np.allclose(np.array(bad, float), found, rtol=1e-12, atol=0)

    def test_nothing_is_sent_where_a_rule_says_so(self) -> None:
        x = ad.Value(0.0, name="x")
        root = ad.where(x > 0, ad.log(x), x)
        v, g = run_node(program(root).script() + RUN)
        assert (float(v[-1]), float(g[0])) == (0.0, gradients(root)[x]) == (0.0, 1.0)

    def test_leaves_that_are_not_finite_arrive(self) -> None:
        root = ad.Value(math.inf) + ad.Value(math.nan)
        v, _ = run_node(program(root).script() + RUN)
        assert v == ["Infinity", "NaN", "NaN"]


def test_numbers_are_printed_as_in_the_pictures() -> None:
    rng = np.random.default_rng(0)
    some = [0.0, 1.0, -1.0, 2.0625, 2.1875, 1e-5, 1e16, 9999.5, 99995.0, 0.5, 1234.5]
    some += [float(x) for x in rng.normal(size=300) * 10.0 ** rng.integers(-14, 14, 300)]
    shown, factors, short = run_node(
        f"""{part("numbers.js")}
const given = {json.dumps(some)};
const all = [number, factor, x => number(x, 2)].map(f => given.map(x => f(x)));
console.log(JSON.stringify(all));"""
    )
    assert shown == [number(x) for x in some]
    assert factors == [factor(x) for x in some]
    assert short == [number(x, 2) for x in some]


class TestPage:
    @pytest.mark.parametrize("theme", ["auto", "light", "dark"])
    def test_is_the_same_every_time(self, theme: str) -> None:
        pages = [viz.live(neuron(), engine="builtin", theme=theme).html for _ in range(2)]
        assert pages[0] == pages[1]

    def test_is_small(self) -> None:
        assert len(viz.live(neuron(), engine="builtin").html.encode()) < 80_000

    def test_hostile_names_stay_text(self) -> None:
        hostile = "</script><script>alert(1)</script>\"'&\u2028"
        x, w = ad.Value(2.0, name=hostile), ad.Value(3.0, name="w")
        html = viz.live(x * w, engine="builtin", title=hostile).html
        assert html.count("</script>") == 1
        assert "<script>alert" not in html

        class Scripts(HTMLParser):
            found = 0

            def handle_starttag(self, tag: str, attrs: Any) -> None:
                self.found += tag == "script"

        parser = Scripts()
        parser.feed(html)
        assert parser.found == 1
        assert json.loads(_embedded(hostile)) == hostile

    def test_is_saved_as_html_only(self, tmp_path: Path) -> None:
        page = viz.live(neuron(), engine="builtin")
        assert page.save(tmp_path / "a.html").read_text(encoding="utf-8") == page.html
        with pytest.raises(ValueError, match=r"a live page is saved as \.html, and 'a\.svg'"):
            page.save(tmp_path / "a.svg")
        assert "srcdoc=" in page._repr_html_()
        assert repr(page) == "<LivePage 'L = (tanh(w₁ · x₁ + w₂ · x₂ + b) − t)²' of 13 nodes>"

    def test_a_tensor_of_one_number_is_taken_apart(self) -> None:
        x = ad.Tensor([1.0, 2.0], requires_grad=True, name="x")
        page = viz.live((ad.tanh(x) ** 2).sum(), engine="builtin")
        assert {"x[0]", "x[1]"} <= {card.name for card in page.drawing.graph.cards}

    @pytest.mark.parametrize(
        ("made", "message"),
        [
            (lambda: ad.special.gammaln(ad.Value(2.0)) * 1.0, "gammaln cannot be written as Java"),
            (lambda: ad.Tensor([1.0, 2.0], requires_grad=True) * 2.0, "has 2 numbers, and a page"),
            (lambda: random_graph(0, 400), "and a page shows 400 at most; give the graph of"),
        ],
    )
    def test_what_cannot_be_live_is_refused(self, made: Any, message: str) -> None:
        with pytest.raises(viz.LiveError, match=message):
            viz.live(made(), engine="builtin")

    def test_other_things_are_refused(self) -> None:
        with pytest.raises(TypeError, match="live\\(\\) was given 'float'"):
            viz.live(1.0)
        with pytest.raises(ValueError, match="theme='blue' is not known"):
            viz.live(neuron(), theme="blue")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from open_browser()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Browser:
    browser.open(viz.live(neuron()).save(tmp_path / "neuron.html"), height=1400)
    return browser


SET = """
const row = document.querySelector(`.leaf[data-node="${arguments[0]}"] input[type=number]`);
row.value = arguments[1]; row.dispatchEvent(new Event("input", {bubbles: true}));
"""
SHOWN = """
const last = (card, c) => card.querySelector(`tspan.${c}`).textContent;
return [...document.querySelectorAll("g.card")].map(c => [last(c, "forward"), last(c, "backward")]);
"""
STEP = """
const step = document.querySelector("#step");
step.value = arguments[0]; step.dispatchEvent(new Event("input"));
"""


def wanted(leaves: list[float]) -> tuple[list[list[str]], list[str]]:
    """The numbers of all cards and the flows on all wires, by Python."""
    x1, x2, w1, w2, b, t = (ad.Value(v) for v in leaves)
    p1, p2 = w1 * x1, w2 * x2
    s = p1 + p2
    z = s + b
    o = ad.tanh(z)
    d = o - t
    loss = d * d
    found = gradients(loss)
    cards = [x1, x2, w1, w2, b, t, p1, p2, s, z, o, d, loss]
    return [[number(c.data), number(found[c])] for c in cards], []


class TestInTheBrowser:
    def test_is_quiet_and_asks_for_nothing(self, page: Browser) -> None:
        assert page.complaints() == []
        assert all(url.startswith("file:") for url in page.requests())
        assert len(page.requests()) <= 1

    def test_what_is_shown_first_is_what_was_run(self, page: Browser) -> None:
        assert page.ask(SHOWN) == wanted([2.0, 0.5, -0.6, 1.1, 0.4, 0.6])[0]
        assert page.ask("return document.querySelector('#slope').textContent") == "−3.177"

    @pytest.mark.parametrize("settings", [6, pytest.param(40, marks=pytest.mark.exhaustive)])
    def test_every_number_follows_random_settings_and_no_label_lies_over_another(
        self, page: Browser, settings: int
    ) -> None:
        rng = np.random.default_rng(0)
        for _ in range(settings):
            leaves = [round(float(v), 3) for v in rng.normal(0, 1.5, 6)]
            for node, x in enumerate(leaves):
                page.ask(SET, node, x)
            assert page.ask(SHOWN) == wanted(leaves)[0], leaves
            assert overlapping(page.texts(".graph svg")) == []

    def test_flows_are_products_of_what_is_shown(self, page: Browser) -> None:
        page.ask(SET, 2, 1.25)
        flows = page.ask(
            "return [...document.querySelectorAll('g.label tspan.backward')]"
            ".map(t => t.textContent)"
        )
        assert len(flows) == 13
        for flow in flows:
            text = re.sub(r"[()]", "", flow).replace("−", "-")
            left, right = text.split("= ")
            if not left:
                # Too long to be written out.
                assert len(flow) <= 14
                continue
            a, b = left.split(" × ")
            assert float(a) * float(b) == pytest.approx(float(right), rel=2e-3)

    def test_both_passes_play_to_the_end_and_back(self, page: Browser) -> None:
        steps = int(page.ask("return document.querySelector('#step').max"))
        assert steps == 7 + 13
        said = []
        for step in [*range(steps + 1), *range(steps, -1, -1)]:
            page.ask(STEP, step)
            said.append(page.ask("return document.querySelector('#say').textContent"))
            known = sum(a != "—" for a, _ in page.ask(SHOWN))
            assert known == 6 + min(step, 7)
        assert said[1] == "p₁ = w₁ · x₁ = −1.2"
        assert said[8].startswith("L sends ∂L/∂L × ∂L/∂d = 1 × (−0.8449) = −0.8449 back to d")
        assert said[: steps + 1] == said[:steps:-1]
        assert page.complaints() == []

    def test_gradients_grow_as_wires_carry_them(self, page: Browser) -> None:
        page.ask(STEP, 8)
        assert page.ask(SHOWN)[11][1] == "−0.8449"
        page.ask(STEP, 9)
        assert page.ask(SHOWN)[11][1] == "−1.69"
        assert page.ask(SHOWN)[10][1] == "—"

    def test_a_link_leads_to_a_step(self, browser: Browser, tmp_path: Path) -> None:
        path = viz.live(neuron()).save(tmp_path / "neuron.html")
        browser.driver.get(path.resolve().as_uri() + "#step=3")
        assert browser.ask("return document.querySelector('#say').textContent") == (
            "s = p₁ + p₂ = −0.65"
        )

    def test_a_leaf_is_dragged_and_turned_by_keys(self, page: Browser) -> None:
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        card = page.driver.find_element("css selector", "g.card[id$=-n2]")
        before = page.ask(SHOWN)[2][0]
        ActionChains(page.driver).drag_and_drop_by_offset(card, 40, 0).perform()
        dragged = page.ask(SHOWN)
        assert dragged[2][0] != before
        x = page.ask("return document.querySelector('.leaf[data-node=\"2\"] input').value")
        assert dragged == wanted([2.0, 0.5, float(x), 1.1, 0.4, 0.6])[0]
        page.ask("document.querySelector('g.card[id$=-n2]').focus()")
        ActionChains(page.driver).send_keys(Keys.ARROW_RIGHT).perform()
        turned = page.ask("return document.querySelector('.leaf[data-node=\"2\"] input').value")
        assert float(turned) == pytest.approx(float(x) + 0.02, abs=1e-9)

    def test_everything_that_can_be_reached_has_a_name(self, page: Browser) -> None:
        nameless = page.ask(
            """return [...document.querySelectorAll("button,input,[tabindex]")].filter(e =>
            !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length))
            .map(e => e.outerHTML)"""
        )
        assert nameless == []

    def test_paths_add_up_to_the_gradient(self, page: Browser) -> None:
        page.ask("document.querySelector('.leaf[data-node=\"4\"] .name').click()")
        ways = page.ask("return [...document.querySelectorAll('#paths b')].map(b => b.textContent)")
        assert ways == ["−0.7942", "−0.7942"]
        total = page.ask("return document.querySelector('#sum').textContent")
        assert total == "−0.7942 + (−0.7942) = −1.588"

    @pytest.mark.parametrize("width", [1440, 1000, 420])
    def test_fits_every_width(self, browser: Browser, tmp_path: Path, width: int) -> None:
        browser.open(viz.live(neuron()).save(tmp_path / "n.html"), width=width, height=900)
        wide = browser.ask("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0 or width < 500

    def test_without_scripts_the_final_state_is_there(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        path = viz.live(neuron()).save(tmp_path / "n.html")
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            browser.open(path)
            text = browser.driver.find_element("css selector", "body").text
        finally:
            browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        assert "This is the program as it was run" in text
        assert "−3.177" in text
        assert "play" not in text.split("With JavaScript")[0]
