// A browser with the page in it, and what the tests ask of it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** Starts the browser: it looks for nothing on a network. */
export function launch(executablePath) {
  const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu", ...quiet] });
}

/** A page that is opened as a file, with all that it should not do noted in `faults`. */
export async function open(browser, file, { hash = "", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, reducedMotion: "reduce", acceptDownloads: true, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => /^(https?|ws)/.test(request.url()) && faults.push(`asks the network for ${request.url()}`));
  await page.goto(pathToFileURL(file).href + hash);
  return { page, faults, context };
}

/** The part of an experiment, answered by the engine; how long it took in milliseconds. */
export async function answered(page, name) {
  const result = page.locator(`.result[data-experiment="${name}"]`);
  await result.scrollIntoViewIfNeeded();
  const done = ([name]) => {
    const result = document.querySelector(`.result[data-experiment="${name}"]`);
    return result.dataset.milliseconds !== undefined && !result.hasAttribute("aria-busy");
  };
  await page.waitForFunction(done, [name], { timeout: 60_000 });
  return Number(await result.getAttribute("data-milliseconds"));
}

/** Forgets that a part has answered, so that the next answer can be waited for. */
export const forget = (page, name) =>
  page.evaluate((name) => delete document.querySelector(`.result[data-experiment="${name}"]`).dataset.milliseconds, name);

export const part = (page, name) => page.locator(".part", { has: page.locator(`.result[data-experiment="${name}"]`) });
export const sha = (page, name) => page.locator(`.result[data-experiment="${name}"] .sha`).innerText();

/** Moves a slider as a hand does: to a place, with one event. */
export async function move(page, name, key, place) {
  await forget(page, name);
  await part(page, name)
    .locator(`.control[data-key="${key}"] input`)
    .evaluate((input, place) => ((input.value = place), input.dispatchEvent(new Event("input"))), place);
  return answered(page, name);
}

/** The digest of what a command of the page gives on a command line, from the root of the project. */
export function digestOf(program, command) {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const line = command.replace(/^mode-lottery /, '"$PROGRAM" ').replace(/--out explored$/, `--out '${folder}' --quiet`);
  execFileSync("sh", ["-c", line], { env: { ...process.env, PROGRAM: program }, stdio: ["ignore", "ignore", "inherit"] });
  const name = execFileSync("ls", [folder]).toString().trim();
  return createHash("sha256").update(readFileSync(join(folder, name, "estimates.csv"))).digest("hex");
}

/** What a click downloads, as text. */
export async function downloaded(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}
