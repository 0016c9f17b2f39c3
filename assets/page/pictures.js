// Two pictures that move along a result: the draws of one replicate, and the angle between two gradients.
// Wong's palette, which the figures use too: it can be told apart by the colour-blind; every colour stands beside a number.
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999"];
const INK = ["#ffffff", "#000000", "#ffffff", "#000000", "#000000", "#000000", "#000000", "#000000"];

/** A slider with a label; `changed` hears its number. */
function slider(text, max, start, changed) {
  const id = `control-${++controlCount}`;
  const shown = element("output", { for: id }, String(start));
  const input = element("input", { type: "range", id, min: 0, max, step: 1, value: start });
  input.addEventListener("input", () => ((shown.textContent = input.value), changed(Number(input.value))));
  const host = element("div", { class: "control" }, element("label", { for: id }, text), element("div", { class: "row" }, input, shown));
  return { host, input, set: (value) => ((input.value = value), (shown.textContent = input.value), changed(Number(input.value))) };
}

/** One replicate, draw by draw. */
class Scrub {
  constructor(host) {
    this.host = host;
    this.modes = [];
    this.replicate = 0;
    this.draws = Number(host.dataset.draws);
    this.along = slider("responses seen so far (K)", this.draws, this.draws, () => this.draw());
    this.tickets = element("ol", { class: "tickets", "aria-label": "responses in the order drawn, by mode" });
    this.bars = element("div", { class: "bars" });
    this.said = element("p", { role: "status" });
    const other = element("button", { type: "button", onclick: () => (this.replicate++, this.ask()) }, "another replicate");
    const play = element("button", { type: "button", onclick: () => this.play() }, "play");
    host.append(this.along.host, element("div", { class: "buttons" }, play, other), this.tickets, this.said, this.bars);
  }

  /** Follows the settings of the experiment. */
  follow(part) {
    this.part = part;
    this.ask();
  }

  async ask() {
    const { name, text, sets } = this.part;
    const asked = (this.asked = {});
    const words = ["replay", name, text, "0", String(this.replicate), this.host.dataset.prompts, ...sets];
    const files = await Engine.call(name, words).catch(() => null);
    if (!files || asked !== this.asked) return;
    const drawn = JSON.parse(files.replay).find((table) => table.header.includes("modes"));
    this.modes = drawn.rows[0][1].split(" ").map(Number).slice(0, this.draws);
    this.draw();
  }

  play() {
    clearInterval(this.timer);
    this.along.set(0);
    this.timer = setInterval(() => {
      const next = Number(this.along.input.value) + 1;
      if (next > this.draws) clearInterval(this.timer);
      else this.along.set(next);
    }, 180);
  }

  draw() {
    const seen = Number(this.along.input.value);
    const counts = new Array(8).fill(0);
    const items = this.modes.map((mode, index) => {
      const is = index < seen;
      const first = is && counts[mode] === 0;
      if (is) counts[mode]++;
      const colour = `background:${COLOURS[mode % 8]};color:${INK[mode % 8]}`;
      return element("li", { style: colour, class: `${is ? "" : "later"} ${first ? "first" : ""}`, "aria-hidden": !is && "true" }, String(mode));
    });
    this.tickets.replaceChildren(...items);
    const shown = counts.filter((count) => count > 0).length;
    this.said.textContent = `Replicate ${this.replicate}: ${seen} responses have shown ${shown} of the 8 modes. A frame marks the first of each.`;
    const most = Math.max(1, ...counts);
    const bars = counts.flatMap((count, mode) => [
      element("span", {}, `mode ${mode}`),
      element("span", { class: "bar", style: `width:${(100 * count) / most}%;background:${COLOURS[mode]}` }),
      element("span", {}, String(count)),
    ]);
    this.bars.replaceChildren(...bars);
  }
}

/** The true gradient, and at its angle the selected one, step by step. */
class Arrow {
  constructor(host) {
    this.host = host;
    this.rows = [];
    this.along = slider("which of the recorded steps", 1, 0, () => this.draw());
    this.picture = element("div");
    this.said = element("p", { role: "status" });
    host.append(this.along.host, this.picture, this.said);
  }

  follow(part, answer) {
    const { estimand, row } = this.host.dataset;
    this.rows = rows(answer, estimand, row);
    this.along.input.max = Math.max(0, this.rows.length - 1);
    this.draw();
  }

  draw() {
    const row = this.rows[Number(this.along.input.value)];
    if (!row || row.estimate === null) return;
    const cosine = Math.max(-1, Math.min(1, row.estimate));
    const [x, y] = [160 + 120 * cosine, 140 - 120 * Math.sqrt(1 - cosine * cosine)];
    const selected = cosine < 0 ? "var(--mark)" : "var(--accent)";
    const line = (to, colour, name) =>
      `<line x1="160" y1="140" x2="${to[0]}" y2="${to[1]}" stroke="${colour}" stroke-width="5" marker-end="url(#head-${name})"/>` +
      `<marker id="head-${name}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="4" markerHeight="4" orient="auto"><path d="M0 0L10 5L0 10z" fill="${colour}"/></marker>`;
    const step = row.at;
    this.picture.innerHTML =
      `<svg viewBox="0 0 320 170" role="img" aria-label="the selected gradient at ${Math.round((Math.acos(cosine) * 180) / Math.PI)} degrees from the true one">` +
      `<rect x="0" y="0" width="160" height="150" fill="var(--mark)" opacity=".1"/>${line([285, 140], "var(--soft)", "true")}${line([x, y], selected, "kept")}` +
      `<text x="222" y="160" font-size="13" fill="currentColor">true gradient</text><text x="6" y="160" font-size="13" fill="currentColor">away from the truth</text></svg>`;
    this.said.textContent = `Step ${step}: the selected gradient has cosine ${short(cosine)} with the true one${cosine < 0 ? ", and points away from the truth" : ""}.`;
  }
}

