// A part of a view: one experiment with its controls, its guess, and what the engine says of it.

/** A download of bytes. */
function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** A word of a shell, in quotes where it has to be. */
const word = (text) => (/^[A-Za-z0-9._\-=+/:,]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

class Part {
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
    this.result = host.querySelector(".result[data-experiment]");
    this.name = this.result.dataset.experiment;
    this.text = JSON.parse(this.result.querySelector("script.experiment").textContent);
    this.status = this.result.querySelector(".status");
    this.command = this.result.querySelector(".command code");
    this.base = this.command.textContent.replace(/ --out explored$/, "");
    this.answer = null;
    this.files = null;
    this.makeControls();
    const guess = host.querySelector(".guess");
    this.guess = guess && new Guess(guess, (sets) => this.settle(sets));
    this.followers = [...host.querySelectorAll(".scrub")].map((own) => new Scrub(own));
    this.followers.push(...[...host.querySelectorAll(".arrow")].map((own) => new Arrow(own)));
    this.makeButtons();
  }

  makeControls() {
    const hosts = this.host.querySelector(".controls");
    const replicates = this.text.match(/^replicates = ([\d_]+)/m)[1];
    const few = Number(replicates.replaceAll("_", ""));
    const add = (key, attributes, text) => hosts.append(element("div", { class: "control", "data-key": key, ...attributes }, text));
    const seed = this.text.match(/^seed = ([\d_]+)/m)[1];
    add("run.replicates", { "data-choices": [replicates, 4 * few, 16 * few].join(" "), "data-start": replicates }, "replicates (more: smaller error bars)");
    add("seed", { "data-start": seed }, "seed of all draws");
    const changed = () => (this.changed(this), this.run());
    this.controls = [...hosts.querySelectorAll(".control")].map((own) => control(own, changed));
  }

  makeButtons() {
    const buttons = this.result.querySelector(".buttons");
    const button = (text, act) => buttons.append(element("button", { type: "button", onclick: act }, text));
    button("copy command", () => this.copy(this.command.textContent, "The command is copied."));
    button("copy as experiment file", async () => this.copy(await this.written(), "The experiment file is copied."));
    button("save experiment file", async () => download(`${this.name}.toml`, await this.written(), "application/toml"));
    button("save CSV", () => download("estimates.csv", this.files["estimates.csv"], "text/csv"));
    button("save SVG", () => this.answer.figures.forEach((figure) => download(`${figure}.svg`, this.files[`${figure}.svg`], "image/svg+xml")));
    button("copy address", () => this.copy(location.href, "The address of these settings is copied."));
    this.back = element("button", { type: "button", onclick: () => this.settle(this.controls.map((own) => [own.key, own.start])) }, "back to the beginning");
    this.stop = element("button", { type: "button", hidden: true, onclick: () => this.stopped() }, "stop");
    buttons.append(this.back, this.stop);
  }

  async copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without a secure context there is no clipboard but the old one.
      const field = element("textarea", {}, text);
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    this.say(said);
  }

  value(key) {
    return this.controls.find((own) => own.key === key)?.value();
  }

  /** The settings that are not those of the file, as arguments of `--set`. */
  get sets() {
    const own = this.controls.filter((one) => one.value() !== one.start);
    return own.map((one) => `${one.key}=${one.value()}`);
  }

  /** The same for the address. */
  get settings() {
    return this.controls.filter((one) => one.value() !== one.start).map((one) => [`${this.name}.${one.key}`, one.value()]);
  }

  /** Takes settings over from an address. */
  take(settings) {
    for (const own of this.controls) own.set(settings.get(`${this.name}.${own.key}`) ?? own.start);
  }

  settle(sets) {
    for (const [key, value] of sets) this.controls.find((own) => own.key === key)?.set(value);
    this.changed(this);
    this.run();
  }

  written() {
    return Engine.call(this.name, ["written", this.text, ...this.sets]).then((files) => files.text);
  }

  /** Asks the engine; `urgent` where somebody waits for it. */
  run(urgent = true) {
    this.begun = performance.now();
    this.result.setAttribute("aria-busy", "true");
    this.stop.hidden = false;
    const guess = this.guess?.mark((key) => this.value(key), null);
    Engine.run(this.name, { name: this.name, text: this.text, sets: this.sets, guess, urgent }, (said) => this.hear(said));
  }

  /** Asks for the figures again, of what is drawn. */
  redraw(guess) {
    Engine.run(this.name, { name: this.name, text: this.text, sets: this.sets, guess, redraw: true }, (said) => this.hear(said));
  }

  hear(said) {
    const share = () => Math.floor((100 * said.done) / Math.max(1, said.of));
    if (said.kind === "job") this.say(`working out exact values: ${said.done} of ${said.of}`);
    if (said.kind === "progress") this.say(`${share()}% drawn`);
    if (said.kind === "wrong") this.failed(said.message);
    if (said.kind === "meanwhile") this.show(said.files);
    if (said.kind === "answer") this.answered(said.files);
  }

  answered(files) {
    this.show(files);
    this.idle();
    const milliseconds = Math.round(performance.now() - this.begun);
    this.result.dataset.milliseconds = milliseconds;
    this.say(`The engine has answered: ${this.answer.replicates} replicates in ${milliseconds} ms.`);
    const value = (key) => this.value(key);
    this.guess?.tell(value, this.answer);
    // A guess of a factor is drawn where the answer says that it would be.
    const mark = this.guess?.host.dataset.over && this.guess.mark(value, this.answer);
    if (mark && this.marked !== String(mark)) {
      this.marked = String(mark);
      this.redraw(mark);
      return;
    }
    this.marked = null;
    this.followers.forEach((own) => own.follow(this, this.answer));
  }

  /** Puts an answer in the place of what stood there. */
  show(files) {
    this.files = files;
    this.answer = JSON.parse(files["answer.json"]);
    const scroll = this.result.querySelector(".figures");
    for (const figure of this.answer.figures) {
      let host = scroll.querySelector(`[data-figure="${CSS.escape(figure)}"]`);
      if (!host) scroll.append((host = element("figure", { "data-figure": figure })));
      host.innerHTML = files[`${figure}.svg`];
      wide(host);
    }
    for (const host of this.result.querySelectorAll("[data-file]")) host.innerHTML = files[host.dataset.file];
    this.result.querySelector(".sha").textContent = this.answer.digest;
    const sets = this.sets.map((set) => ` --set ${word(set)}`).join("");
    this.command.textContent = `${this.base}${sets} --out explored`;
  }

  failed(message) {
    this.idle();
    this.say(message, true);
  }

  stopped() {
    Engine.stop(this.name);
    this.idle();
    this.say("Stopped: what stands here is of the settings before.");
  }

  idle() {
    this.result.removeAttribute("aria-busy");
    this.stop.hidden = true;
  }

  say(text, wrong = false) {
    this.status.textContent = text;
    this.status.classList.toggle("wrong", wrong);
  }
}

/** A figure that is wider than a column takes the page's width. */
function wide(host) {
  const box = host.querySelector("svg")?.viewBox.baseVal;
  host.classList.toggle("two-columns", box ? box.width > 7000 : false);
}

