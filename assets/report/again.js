// Draws blocks of the result again, here, and holds their digests against those of the manifest that the page carries.
(() => {
  const place = document.getElementById("again-check");
  const { manifest } = JSON.parse(document.getElementById("result").textContent);
  const [button, told] = [place.querySelector("button"), place.querySelector("output")];
  const words = button.textContent;
  let running = false;
  place.hidden = false;

  // The first noted block of each scenario, then the second of each, and so on: a part of all that is noted is spread over the result.
  const noted = [];
  for (let rank = 0; ; rank++) {
    const some = manifest.scenarios.flatMap((own, scenario) => (rank < own.blocks.length ? [[scenario, own.blocks[rank]]] : []));
    if (some.length === 0) break;
    noted.push(...some);
  }
  // The last block of a scenario is always noted.
  const blocks = manifest.scenarios.reduce((sum, own) => sum + Number(own.blocks.at(-1)?.split(":")[0] ?? -1) + 1, 0);
  const per = (share) => `${(100 * share).toPrecision(2).replace(/\.0$/, "")}%`;

  const report = (checked, others, ended) => {
    const found = 1 - 0.9 ** checked;
    const same = others.length === 0 ? "all as in the manifest" : `${others.length} NOT as in the manifest (${others.slice(0, 3).join("; ")})`;
    told.textContent =
      `${checked} of ${blocks} blocks drawn again${ended ? "" : " so far"} (${per(checked / blocks)}): ${same}. ` +
      `Another seed, setting or program would have shown in any of them; had one block in ten been changed, this would have shown it with a chance of ${per(found)}.`;
    told.className = others.length === 0 ? "expected" : "unexpected";
  };

  const check = async () => {
    let checked = 0;
    const others = [];
    const ends = performance.now() + 60_000;
    if (Engine.worker === null) await Engine.start();
    for (const [scenario, digest] of noted) {
      const block = digest.split(":")[0];
      const request = ["again", manifest.experiment, manifest.text, String(scenario), block, ...manifest.set];
      const answer = await Engine.call("again", request);
      if (!running) break;
      checked += 1;
      if (answer.digest !== digest) others.push(`block ${block} of scenario ${scenario}`);
      report(checked, others, false);
      // A minute is enough to be told of a result that takes hours.
      if (performance.now() > ends) break;
    }
    if (checked > 0) report(checked, others, true);
  };

  button.addEventListener("click", async () => {
    if (running) {
      running = false;
      Engine.stop("again");
      return;
    }
    running = true;
    button.textContent = "Stop";
    told.textContent = "drawing …";
    try {
      await check();
    } catch (error) {
      if (running) told.textContent = `It cannot be drawn here: ${error.message}`;
    }
    running = false;
    button.textContent = words;
  });
})();
