// A guess before the answer: the settings that it is about are set when it is given, and it is drawn on what the engine then says.

/** Rows of an answer with an estimand, and cells such as `responses=64 prompts=8`. */
function rows(answer, estimand, cells = "") {
  const wanted = cells.split(" ").filter(Boolean).map((pair) => pair.split("="));
  return answer.rows.filter((row) => row.estimand === estimand && wanted.every(([key, value]) => row.cells[key] === value));
}

const best = (row) => row?.exact ?? row?.estimate ?? null;
const short = (x) => String(Number(x.toPrecision(3)));

class Guess {
  /** `settle` sets values of controls and runs. */
  constructor(host, settle) {
    this.host = host;
    this.given = null;
    const { from, to, step, start, unit } = host.dataset;
    const id = `control-${++controlCount}`;
    const shown = element("output", { for: id }, start);
    const question = host.querySelector("p");
    question.id = `${id}-question`;
    this.input = element("input", { type: "range", id, min: from, max: to, step, value: start, "aria-labelledby": question.id });
    this.input.addEventListener("input", () => (shown.textContent = this.input.value));
    this.said = element("p", { role: "status" });
    const give = () => {
      this.given = Number(this.input.value);
      this.said.textContent = "";
      const sets = host.dataset.sets.split(" ").map((set) => [set.slice(0, set.indexOf("=")), set.slice(set.indexOf("=") + 1)]);
      settle(sets);
    };
    const button = element("button", { type: "button", class: "main", onclick: give }, "This is my guess: show the answer");
    host.append(element("div", { class: "row" }, this.input, shown, unit ? element("span", {}, unit) : "", button), this.said);
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", "a guess before the answer");
  }

  /** Whether the settings are those that it is about. */
  isAbout(value) {
    return this.host.dataset.sets.split(" ").every((set) => value(set.slice(0, set.indexOf("="))) === set.slice(set.indexOf("=") + 1));
  }

  /** What the engine is told of it: a figure, x and perhaps y. A factor needs the answer, of which the first comes without. */
  mark(value, answer) {
    if (this.given === null || !this.isAbout(value)) return null;
    const { figure, x, over, estimand, place } = this.host.dataset;
    if (place) return [figure, String(this.given)];
    if (!over) return [figure, x, String(this.given)];
    const whole = answer && best(rows(answer, estimand, over)[0]);
    return whole ? [figure, x, String(whole / this.given)] : null;
  }

  /** What the answer says. */
  found(answer) {
    const { row, over, estimand, place } = this.host.dataset;
    if (place === "best") return answer.best;
    const own = rows(answer, estimand, row);
    if (place === "turn") {
      const turned = own.filter((one) => best(one) < 0).map((one) => Number(one.at));
      return turned.length ? Math.min(...turned) : null;
    }
    const part = best(own[0]);
    return over ? best(rows(answer, estimand, over)[0]) / part : part;
  }

  /** Says how far off it was. */
  tell(value, answer) {
    if (this.given === null) return;
    if (!this.isAbout(value)) {
      this.said.textContent = "The settings are others now than those that the guess was about.";
      return;
    }
    const found = this.found(answer) ?? null;
    const unit = this.host.dataset.unit ? ` ${this.host.dataset.unit}` : "";
    this.said.textContent =
      found === null ? "There is no such place at these settings." : `You guessed ${short(this.given)}${unit}; it is ${short(found)}${unit}.`;
  }
}

