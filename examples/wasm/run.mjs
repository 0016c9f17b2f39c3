// Runs experiments in the WebAssembly module and compares each file of a result with that of a native run, byte for byte.
//
// Usage: node run.mjs MODULE REPLICATES SECONDS RESULTS EXPERIMENT.toml ...
// RESULTS holds a folder per experiment: `mode-lottery run EXPERIMENT.toml ... --replicates REPLICATES --out RESULTS`. An experiment that takes
// longer than SECONDS is given up and said to be skipped. MODULE may be compressed. Or: node run.mjs MODULE --version
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { availableParallelism } from "node:os";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { ask, run, start } from "./module.mjs";

/** What of an answer `run` writes too. */
const written = (file) => file.endsWith(".csv") || file.endsWith(".svg");

if (!isMainThread) {
  const { module, name, text, replicates } = workerData;
  const started = performance.now();
  try {
    const exports = start(module);
    const files = run(exports, name, text, `run.replicates=${replicates}`);
    const mebibytes = exports.memory.buffer.byteLength / 2 ** 20;
    parentPort.postMessage({ files: [...files].filter(([file]) => written(file)), mebibytes, seconds: (performance.now() - started) / 1000 });
  } catch (error) {
    parentPort.postMessage({ wrong: error.message });
  }
} else {
  await main(process.argv.slice(2));
}

/** What an experiment gives in a thread of its own, or why it does not. */
function inThread(module, path, replicates, seconds) {
  const workerData = { module, replicates, name: basename(path, ".toml"), text: readFileSync(path, "utf8") };
  return new Promise((done) => {
    const worker = new Worker(new URL(import.meta.url), { workerData });
    const timer = setTimeout(() => (worker.terminate(), done({ skipped: true })), 1000 * seconds);
    const end = (found) => (clearTimeout(timer), done(found));
    worker.on("message", end);
    worker.on("error", (error) => end({ wrong: error.message }));
  });
}

async function main([path, ...rest]) {
  const bytes = readFileSync(path);
  const module = new WebAssembly.Module(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  if (rest[0] === "--version") {
    console.log(ask(start(module), "version").get("version").toString());
    return;
  }
  const [replicates, seconds, results, ...experiments] = rest;
  if (experiments.length === 0) {
    console.error("usage: node run.mjs MODULE REPLICATES SECONDS RESULTS EXPERIMENT.toml ...");
    process.exit(2);
  }
  const count = { same: 0, skipped: 0, wrong: 0 };
  const one = async (experiment) => {
    const name = basename(experiment, ".toml");
    const { files, mebibytes, seconds: took, skipped, wrong } = await inThread(module, experiment, replicates, seconds);
    if (skipped || wrong) {
      count[skipped ? "skipped" : "wrong"]++;
      console.log(skipped ? `${name}: skipped, it takes longer than ${seconds} s` : `${name}: WRONG: ${wrong}`);
      return;
    }
    const differing = files.filter(([file, own]) => !readFileSync(join(results, name, file)).equals(own));
    count[differing.length === 0 ? "same" : "wrong"]++;
    for (const [file] of differing) console.log(`${name}/${file} DIFFERS from native`);
    if (differing.length === 0) console.log(`${name}: ${files.length} files as native, ${took.toFixed(1)} s, ${mebibytes.toFixed(1)} MiB`);
  };
  const waiting = [...experiments];
  const lane = async () => {
    while (waiting.length > 0) await one(waiting.shift());
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  console.log(`${count.same} as native, ${count.skipped} skipped, ${count.wrong} wrong`);
  // A machine so slow that it compares next to nothing has not tested.
  process.exitCode = count.wrong > 0 || 2 * count.same < experiments.length ? 1 : 0;
}
