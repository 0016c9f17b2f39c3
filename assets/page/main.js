// What happens when the page is opened.
async function main() {
  const status = document.getElementById("engine-status");
  document.querySelectorAll("figure").forEach(wide);
  try {
    await Engine.start();
  } catch (error) {
    status.textContent = `This browser cannot run the engine (${error.message}): the figures stand as they are.`;
    return;
  }
  document.documentElement.classList.add("live");
  const view = (part) => part.host.closest(".view").id;
  let untouched = true;
  const changed = (part) => Address.write(view(part), parts.flatMap((own) => own.settings));
  const parts = [...document.querySelectorAll(".part")].map((host) => new Part(host, changed));
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (untouched = false), { once: true });

  const follow = () => {
    const { view, settings } = Address.read();
    parts.forEach((part) => part.take(settings));
    if (view) document.getElementById(view)?.scrollIntoView({ behavior: "instant" });
    return settings;
  };
  const settings = follow();
  addEventListener("hashchange", () => (follow(), parts.forEach((part) => part.begun && part.run())));

  // A part runs when it comes near the window. What needs long is run when it is asked for: see its warning.
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const part = isIntersecting && parts.find((own) => own.host === target);
      if (part && !part.begun) part.run(false);
    }
  }, { rootMargin: "400px" });
  parts.forEach((part) => (part.host.closest(".view").querySelector(".warning") ? null : near.observe(part.host)));
  status.textContent = "The engine runs: change a number.";
  document.documentElement.dataset.ready = Math.round(performance.now());

  // The first slider moves once by itself, so that everybody sees that it can be moved.
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const [first] = parts;
  const slider = first.host.querySelector("input[type=range]");
  if (still || settings.size > 0 || !slider) return;
  const start = Number(slider.value);
  for (const value of [start + 1, start + 2, start + 1, start]) {
    await new Promise((done) => setTimeout(done, 700));
    if (!untouched) return;
    slider.value = Math.min(value, Number(slider.max));
    slider.dispatchEvent(new Event("input"));
  }
}

main();
