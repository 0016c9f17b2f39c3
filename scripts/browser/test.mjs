// Tests of the page in a browser: see test.sh. Usage: node test.mjs CHROMIUM PROGRAM PAGE OWN-PAGE REPORT FOLDER SCREENSHOTS
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answered, digestOf, downloaded, forget, launch, move, open, part, sha } from "./driver.mjs";

const [executable, program, file, own, report, folder, screenshots] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
mkdirSync(screenshots, { recursive: true });
const browser = await launch(executable);
const shot = (page, name, options = {}) => page.screenshot({ path: join(screenshots, `${name}.png`), ...options });
const clean = ({ faults }) => assert.deepEqual(faults, [], "nothing is asked of a network, and no error is told");

/** Runs a test and says how it went; the others go on. */
let failures = 0;
async function test(words, run) {
  const started = performance.now();
  try {
    const told = await run();
    console.log(`ok    ${words}${told ? `: ${told}` : ""} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures++;
    console.log(`FAIL  ${words}\n      ${String(error.stack).replaceAll("\n", "\n      ")}`);
  }
}

const names = await (async () => {
  const { page, context } = await open(browser, file, { javaScriptEnabled: false });
  const results = await page.locator(".result[data-experiment]").all();
  const names = await Promise.all(results.map((result) => result.getAttribute("data-experiment")));
  const digests = new Map(await Promise.all(names.map(async (name) => [name, await sha(page, name)])));
  await context.close();
  return { all: names, digests };
})();

await test("it reads without JavaScript: every figure stands, no control does", async () => {
  const opened = await open(browser, file, { javaScriptEnabled: false });
  const { page } = opened;
  assert.ok((await page.locator("figure svg").count()) >= names.all.length);
  assert.equal(await page.locator(".control:visible, .guess:visible, .scrub:visible, button:visible").count(), 0);
  assert.equal(await page.locator("noscript .warning").isVisible(), true);
  assert.equal(await page.locator(".view").count(), 7);
  await shot(page, "without-javascript", { fullPage: true });
  clean(opened);
  await opened.context.close();
});

await test("the engine answers soon, and as the page stood: every digest is that of the program", async () => {
  const opened = await open(browser, file);
  const { page } = opened;
  await page.waitForFunction(() => document.querySelector(".result[data-milliseconds]"), null, { polling: "raf" });
  const first = await page.evaluate(() => Math.round(performance.now()));
  const ready = await page.evaluate(() => document.documentElement.dataset.ready);
  const took = [];
  for (const name of names.all) {
    took.push(`${name} ${await answered(page, name)}`);
    assert.equal(await sha(page, name), names.digests.get(name), name);
  }
  // The aim is half a second on an idle machine.
  assert.ok(first < 4000, `the first figure takes ${first} ms`);
  clean(opened);
  await opened.context.close();
  return `the engine is ready after ${ready} ms, the first figure stands after ${first} ms; each in ms: ${took.join(", ")}`;
});

await test("a slider moves every figure, and the command that is shown gives the same digest", async () => {
  const opened = await open(browser, file);
  const { page } = opened;
  const took = [];
  for (const name of names.all) {
    await answered(page, name);
    const key = await part(page, name).locator(".control[data-values]").first().getAttribute("data-key");
    took.push(`${name} ${await move(page, name, key, 1)}`);
    const digest = await sha(page, name);
    assert.notEqual(digest, names.digests.get(name), `${name}: other settings, other numbers`);
    const command = await page.locator(`.result[data-experiment="${name}"] .command`).innerText();
    assert.match(command, /--set /);
    assert.equal(digest, digestOf(program, command), `${name}: ${command}`);
  }
  const times = [];
  for (const place of [0, 1, 2, 3, 4, 5]) times.push(await move(page, "law", "world.concentration", place));
  const median = times.sort((a, b) => a - b)[3];
  // The aim is a tenth of a second on an idle machine.
  assert.ok(median < 1000, `slider to figure takes ${median} ms`);
  clean(opened);
  await opened.context.close();
  return `slider to figure ${median} ms (law); each in ms: ${took.join(", ")}`;
});

await test("an address brings the settings back, and the saved file is that experiment", async () => {
  const opened = await open(browser, file);
  const { page } = opened;
  await answered(page, "budget");
  await move(page, "budget", "budget.prompt-cost", 5);
  await forget(page, "budget");
  await part(page, "budget").locator('.control[data-key="seed"] input').fill("77");
  await part(page, "budget").locator('.control[data-key="seed"] input').press("Enter");
  await answered(page, "budget");
  const [digest, address] = [await sha(page, "budget"), await page.evaluate(() => location.hash)];
  assert.match(address, /^#budget&budget\.budget\.prompt-cost=32&budget\.seed=77$/);
  const again = await open(browser, file, { hash: address });
  await answered(again.page, "budget");
  assert.equal(await sha(again.page, "budget"), digest);
  const { name, text } = await downloaded(page, part(page, "budget").getByRole("button", { name: "save experiment file" }));
  assert.equal(name, "budget.toml");
  assert.match(text, /prompt-cost = 32\n/);
  writeFileSync(join(folder, name), text);
  assert.equal(digestOf(program, `mode-lottery run ${join(folder, name)} --out explored`), digest);
  const csv = await downloaded(page, part(page, "budget").getByRole("button", { name: "save CSV" }));
  assert.equal(createHash("sha256").update(csv.text).digest("hex"), digest);
  const svg = await downloaded(page, part(page, "budget").getByRole("button", { name: "save SVG" }));
  assert.match(svg.text, /^<svg/);
  await part(page, "budget").getByRole("button", { name: "copy command" }).click();
  await part(page, "budget").locator(".status", { hasText: "copied" }).waitFor();
  [opened, again].forEach(clean);
  await Promise.all([opened.context.close(), again.context.close()]);
});

await test("every guess is answered and drawn on the answer", async () => {
  const opened = await open(browser, file);
  const { page } = opened;
  const told = [];
  for (const name of names.all) {
    const guess = part(page, name).locator(".guess");
    if ((await guess.count()) === 0) continue;
    await answered(page, name);
    await forget(page, name);
    await guess.locator("button").click();
    await answered(page, name);
    await page.waitForFunction((name) => {
      const part = document.querySelector(`.result[data-experiment="${name}"]`).closest(".part");
      return /You guessed/.test(part.querySelector(".guess").innerText) && /your\s*guess/.test(part.querySelector(".figures").textContent);
    }, name);
    told.push(`${name}: ${(await guess.locator("[role=status]").innerText()).trim()}`);
  }
  assert.ok(told.length >= 7, "one guess in each view");
  await part(page, "budget").scrollIntoViewIfNeeded();
  await shot(page, "guess-budget");
  clean(opened);
  await opened.context.close();
  return told.join(" ");
});

await test("a run stops when told, and goes on anew; only the last of many moves is shown", async () => {
  const opened = await open(browser, file);
  const { page } = opened;
  await answered(page, "grouped");
  const before = await sha(page, "grouped");
  await part(page, "grouped").locator('.control[data-key="run.replicates"] select').selectOption({ index: 2 });
  await part(page, "grouped").getByRole("button", { name: "stop" }).click();
  assert.match(await part(page, "grouped").locator(".status").innerText(), /Stopped/);
  await page.waitForTimeout(500);
  assert.equal(await sha(page, "grouped"), before);
  await part(page, "grouped").locator('.control[data-key="run.replicates"] select').selectOption({ index: 0 });
  await answered(page, "grouped");
  assert.equal(await sha(page, "grouped"), before);
  await answered(page, "law");
  await forget(page, "law");
  await part(page, "law")
    .locator('.control[data-key="world.concentration"] input')
    .evaluate((input) => [0, 5, 2, 6, 1].forEach((place) => ((input.value = place), input.dispatchEvent(new Event("input")))));
  await answered(page, "law");
  await page.waitForTimeout(300);
  const command = await page.locator('.result[data-experiment="law"] .command').innerText();
  assert.match(command, /world\.concentration=1 /);
  assert.equal(await sha(page, "law"), digestOf(program, command));
  clean(opened);
  await opened.context.close();
});

await test("it can be used by keyboard, and everything that can be changed has a name", async () => {
  const opened = await open(browser, file);
  const { page } = opened;
  await answered(page, "lottery");
  const slider = part(page, "lottery").locator("input[type=range]").first();
  await forget(page, "lottery");
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await answered(page, "lottery");
  assert.equal(await slider.getAttribute("aria-valuetext"), "8");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("input, select, button")]
      .filter((own) => !(own.labels?.length || own.getAttribute("aria-labelledby") || own.textContent.trim()))
      .map((own) => own.outerHTML),
  );
  assert.deepEqual(nameless, []);
  const untitled = await page.evaluate(() => [...document.querySelectorAll("figure svg")].filter((own) => own.getAttribute("role") !== "img" || !own.querySelector("title")).length);
  assert.equal(untitled, 0);
  clean(opened);
  await opened.context.close();
});

await test("the first slider moves once by itself, unless motion is to be reduced", async () => {
  const watch = async (reducedMotion) => {
    const opened = await open(browser, file, { reducedMotion });
    const slider = part(opened.page, "lottery").locator("input[type=range]").first();
    const seen = new Set();
    for (let look = 0; look < 40; look++) {
      if (await slider.count()) seen.add(await slider.inputValue());
      await opened.page.waitForTimeout(100);
    }
    const last = await slider.inputValue();
    clean(opened);
    await opened.context.close();
    return [seen.size > 1, last];
  };
  assert.deepEqual(await watch("no-preference"), [true, "3"]);
  assert.deepEqual(await watch("reduce"), [false, "3"]);
});

for (const [name, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["narrow", { viewport: { width: 320, height: 640 }, colorScheme: "light" }],
  ["narrow-dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
]) {
  await test(`it fits its window (${name})`, async () => {
    const opened = await open(browser, file, options);
    const { page } = opened;
    for (const own of names.all) await answered(page, own);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= room, `${wide} pixels in ${room}`);
    for (const view of await page.locator(".view").all()) await view.screenshot({ path: join(screenshots, `${name}-${await view.getAttribute("id")}.png`) });
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, `${name}-top`);
    clean(opened);
    await opened.context.close();
  });
}

await test("in print no control stands", async () => {
  const opened = await open(browser, file);
  await answered(opened.page, "law");
  await opened.page.emulateMedia({ media: "print" });
  assert.equal(await opened.page.locator(".control:visible, .guess:visible, button:visible").count(), 0);
  assert.ok((await opened.page.locator("figure svg:visible").count()) >= names.all.length);
  clean(opened);
  await opened.context.close();
});

await test("an experiment of one's own has a view, and what is wrong with it is said in its words", async () => {
  const opened = await open(browser, own);
  const { page } = opened;
  const name = "variance-law";
  await answered(page, name);
  const list = part(page, name).locator('.control[data-key="arms.grid.prompts"] input');
  await forget(page, name);
  await list.fill("[16, 32]");
  await list.press("Enter");
  await answered(page, name);
  const command = await page.locator(`.result[data-experiment="${name}"] .command`).innerText();
  assert.equal(await sha(page, name), digestOf(program, command), command);
  await list.fill("[16, -1]");
  await list.press("Enter");
  await page.waitForFunction(() => /-1/.test(document.querySelector("#own .status.wrong")?.innerText ?? ""));
  await page.locator("#own").screenshot({ path: join(screenshots, "own.png") });
  clean(opened);
  await opened.context.close();
});

/** Draws blocks of a report's result again; what is told of it. */
async function drawnAgain(file) {
  const opened = await open(browser, file);
  const { page } = opened;
  await page.getByRole("button", { name: "Draw blocks again in this browser" }).click();
  await page.waitForFunction(() => document.querySelector("#again-check button").textContent.startsWith("Draw"), null, { timeout: 60_000 });
  clean(opened);
  return { page, context: opened.context, told: await page.locator("#again-check output").innerText() };
}

await test("a report sorts, filters and saves; its points say their rows; blocks drawn again are as in the manifest", async () => {
  const { page, context, told } = await drawnAgain(report);
  assert.match(told, /^(\d+) of 32 blocks drawn again \(\d+%\): all as in the manifest\./);
  const table = page.locator("#estimates-table");
  const estimates = async () => (await table.locator("tbody tr:visible td:nth-child(6)").allInnerTexts()).map(Number);
  await page.getByLabel("Rows with").last().fill("mode-mass.variance");
  assert.equal((await estimates()).length, 21);
  await table.getByRole("button", { name: "estimate", exact: true }).click();
  assert.deepEqual(await estimates(), (await estimates()).sort((a, b) => a - b));
  const point = page.locator(".spots a").first();
  const row = (await point.getAttribute("href")).slice(1);
  const title = await point.locator("title").textContent();
  await point.locator("circle").click();
  assert.equal(new URL(page.url()).hash, `#${row}`);
  const estimate = await page.locator(`[id="${row}"] td`).nth(5).innerText();
  assert.ok(Math.abs(Number(title.match(/: ([-\d.e]+) \(MCSE/)[1]) / Number(estimate) - 1) < 1e-3, `${title}: ${estimate}`);
  const saved = await downloaded(page, page.getByRole("button", { name: "Save estimates.csv" }));
  assert.equal(saved.text, readFileSync(join(report, "..", "estimates.csv"), "utf8"));
  await shot(page, "report", { fullPage: true });
  await context.close();
});

await test("a block that is not as in the manifest is named", async () => {
  const text = readFileSync(report, "utf8");
  const forged = text.replace(/"0:([0-9a-f])/, (_, digit) => `"0:${digit === "0" ? "1" : "0"}`);
  assert.notEqual(forged, text);
  writeFileSync(join(folder, "forged.html"), forged);
  const { context, told } = await drawnAgain(join(folder, "forged.html"));
  assert.match(told, /: 1 NOT as in the manifest \(block 0 of scenario 0\)\./);
  await context.close();
});

await browser.close();
console.log(failures === 0 ? "all tests of the page passed" : `${failures} FAILED`);
process.exitCode = failures === 0 ? 0 : 1;
